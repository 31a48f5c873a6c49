// Command kubernetes is the Pulumi provider for Kubernetes.
//
// The provider's own main package is published without the two files that it
// embeds. They are made of files that its module does publish, so this one embeds
// those: the toolchain copies them beside it before the build.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

var (
	//go:embed schema.json
	schema []byte
	//go:embed terraform-mapping.json
	terraformMapping []byte
)

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
