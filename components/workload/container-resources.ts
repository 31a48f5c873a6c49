/** The planner counts with these sizes before there is a container, so they are its own. */
export {
  containerSizes,
  resolveResources,
  type ContainerResources,
  type ContainerSize,
  type ResolvedResources,
} from "../../pipelines/model/values/container-resources";
