/**
 * Requests a second that Kubernetes' provider sends to the API server at most, and at once. It needs two to make an object, three
 * to delete one, and two for each kind in each namespace that it watches, so that its own default of 50 (120 at once) bounds
 * whoever makes or deletes some hundred. `--parallel` of Pulumi says how many objects that is at a time, and the server protects
 * itself by API Priority and Fairness.
 */
export const kubeClientSettings = { qps: 500, burst: 1000 } as const;
