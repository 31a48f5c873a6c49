// Command providers is the three Pulumi providers that AlgoRun uses: Kubernetes,
// Kafka and random. They share most of their code, so they are one program; the
// name that it is called by (pulumi-resource-NAME) says which one it is.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The versions of the npm packages @pulumi/NAME that these providers answer to;
// set by the linker.
var (
	kubernetesVersion string
	kafkaVersion      string
	randomVersion     string
)

// emptySchema stands for the schema of a bridged provider. Only the generation of
// SDKs reads it, and our programs use the published SDKs.
const emptySchema = `{"name":"%s","version":"%s"}`

func main() {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	switch name {
	case "pulumi-resource-kubernetes":
		serveKubernetes(kubernetesVersion)
	case "pulumi-resource-kafka":
		serveKafka(kafkaVersion, fmt.Appendf(nil, emptySchema, "kafka", kafkaVersion))
	case "pulumi-resource-random":
		serveRandom(randomVersion, fmt.Appendf(nil, emptySchema, "random", randomVersion))
	default:
		fmt.Fprintf(os.Stderr, "%s: call me pulumi-resource-kubernetes, -kafka or -random\n", name)
		os.Exit(2)
	}
}
