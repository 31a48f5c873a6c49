package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// The provider's own main package is published without the two files that it
// embeds. They are made of these, which its module does publish: the toolchain
// copies them beside this file before the build.
var (
	//go:embed schema.json
	kubernetesSchema []byte
	//go:embed terraform-mapping.json
	kubernetesMapping []byte
)

func serveKubernetes(version string) {
	provider.Serve("kubernetes", version, kubernetesSchema, kubernetesMapping)
}
