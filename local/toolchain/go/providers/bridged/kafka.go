package main

import (
	"context"

	"github.com/Mongey/terraform-provider-kafka/kafka"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

func serveKafka(version string, packageSchema []byte) {
	terraform := kafka.Provider()
	topic := terraform.ResourcesMap["kafka_topic"]
	recordFailedUpdates(topic, topic.ReadContext)
	credential := terraform.ResourcesMap["kafka_user_scram_credential"]
	recordFailedUpdates(credential, nil) // a broker does not tell passwords
	acceptUnknownPasswords(credential)
	provider := tfbridge.ProviderInfo{
		P:            sdkv2.NewProvider(terraform),
		Name:         "kafka",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			// The npm package names these two fields after the resource that they belong to.
			"kafka_acl": {Fields: map[string]*tfbridge.SchemaInfo{
				"resource_name": {Name: "aclResourceName"},
				"resource_type": {Name: "aclResourceType"},
			}},
		},
	}
	provider.MustComputeTokens(tokens.SingleModule("kafka_", "index", tokens.MakeStandard("kafka")))
	provider.SetAutonaming(255, "-") // the npm package's own limit; Kafka refuses what is longer than 249
	tfbridge.Main("kafka", version, provider, packageSchema)
}

// acceptUnknownPasswords lets a preview pass for a user whose password is yet to be
// generated. The check of terraform-provider-kafka 0.13.1 that there is a password
// reads the value without asking whether it is known, and panics.
func acceptUnknownPasswords(credential *schema.Resource) {
	check := credential.CustomizeDiff
	credential.CustomizeDiff = func(ctx context.Context, diff *schema.ResourceDiff, meta any) error {
		config := diff.GetRawConfig()
		for _, field := range []string{"password", "password_wo"} {
			if !config.IsNull() && !config.GetAttr(field).IsKnown() {
				return nil
			}
		}
		return check(ctx, diff, meta)
	}
}

// recordFailedUpdates makes an update that has failed be tried again. Terraform takes
// the new values of a failed update for real unless it is told otherwise, and
// terraform-provider-kafka 0.13.1 does not tell: a topic that should have got more
// partitions while no broker answered counted as one that has them.
//
// What read finds counts instead; without read, or if it fails, the values of before.
func recordFailedUpdates(resource *schema.Resource, read schema.ReadContextFunc) {
	update := resource.UpdateContext
	resource.UpdateContext = func(ctx context.Context, data *schema.ResourceData, meta any) diag.Diagnostics {
		problems := update(ctx, data, meta)
		if problems.HasError() {
			data.Partial(read == nil || read(ctx, data, meta).HasError())
		}
		return problems
	}
}
