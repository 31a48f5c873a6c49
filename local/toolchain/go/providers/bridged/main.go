// Command bridged is two Pulumi providers, for Kafka and for random values, each
// made from a Terraform provider by Pulumi's bridge. The bridge is most of both,
// so they are one program; the name that it is called by (pulumi-resource-kafka
// or pulumi-resource-random) says which one it is.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The versions of the npm packages @pulumi/kafka and @pulumi/random that these
// providers answer to; set by the linker.
var (
	kafkaVersion  string
	randomVersion string
)

// emptySchema stands for the schema of a provider. Only the generation of SDKs
// reads it, and our programs use the published SDKs.
const emptySchema = `{"name":"%s","version":"%s"}`

func main() {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	switch name {
	case "pulumi-resource-kafka":
		serveKafka(kafkaVersion, fmt.Appendf(nil, emptySchema, "kafka", kafkaVersion))
	case "pulumi-resource-random":
		serveRandom(randomVersion, fmt.Appendf(nil, emptySchema, "random", randomVersion))
	default:
		fmt.Fprintf(os.Stderr, "%s: call me pulumi-resource-kafka or pulumi-resource-random\n", name)
		os.Exit(2)
	}
}
