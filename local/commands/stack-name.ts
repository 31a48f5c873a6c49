/** The stack that the embedded environment is for. */
export const stackName = "dev";
