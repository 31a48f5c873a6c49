// Package shim hands out the Terraform provider "random", which its module keeps
// in an internal package. Go lets a package import what is internal to a path
// that it lies under itself, hence the path of this module.
package shim

import (
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// NewProvider returns the Terraform provider.
func NewProvider() framework.Provider {
	return random.New()
}
