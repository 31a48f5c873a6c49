package main

import (
	"context"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	random "github.com/terraform-providers/terraform-provider-random/shim"
)

func serveRandom(version string, schema []byte) {
	provider := tfbridge.ProviderInfo{
		P:            pfbridge.ShimProvider(random.NewProvider()),
		Name:         "random",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"random_bytes": {ComputeID: tfbridge.DelegateIDField("base64", "random", "https://github.com/pulumi/pulumi-random")},
		},
	}
	standard := tokens.MakeStandard("random")
	provider.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return standard(module, "Random"+name)
	}))
	pfbridge.Main(context.Background(), "random", provider, pfbridge.ProviderMetadata{PackageSchema: schema})
}
