package main

import (
	"context"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	random "github.com/terraform-providers/terraform-provider-random/shim"
)

func serveRandom(version string, packageSchema []byte) {
	provider := tfbridge.ProviderInfo{
		P:            pfbridge.ShimProvider(random.NewProvider()),
		Name:         "random",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			// It has no identifier of its own, and its value is a secret.
			"random_bytes": {ComputeID: func(context.Context, resource.PropertyMap) (resource.ID, error) {
				return "none", nil
			}},
		},
	}
	standard := tokens.MakeStandard("random")
	provider.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return standard(module, "Random"+name)
	}))
	pfbridge.Main(context.Background(), "random", provider, pfbridge.ProviderMetadata{PackageSchema: packageSchema})
}
