namespace Cnn.Graph.Analysis;

/// <summary>
/// What training has to keep in memory, as told by the graph of a step: what it takes at least, without what comes and goes beside it.
/// It is measured where the graph of a step is known, so that nothing here needs to know of training.
/// </summary>
/// <param name="SampleBytes">
/// Bytes for each sample of the batch: what the forward pass computes, its inputs and dropout masks among them, and the backward pass takes
/// again. Reshapes count no second time. What does not grow with the batch, such as its means and variances, is not counted.
/// </param>
/// <param name="ParameterBytes">Bytes of all that the network stores: parameters and running statistics.</param>
/// <param name="GradientBytes">Bytes of the gradients of the parameters that are trained.</param>
/// <param name="StateBytes">Bytes of what the optimiser keeps beside the parameters, such as velocities.</param>
public sealed record TrainingMemory(long SampleBytes, long ParameterBytes, long GradientBytes, long StateBytes)
{
    /// <summary>The bytes that training takes with batches of a size, at least.</summary>
    /// <param name="batch">The number of samples.</param>
    public long Bytes(int batch) => (SampleBytes * batch) + ParameterBytes + GradientBytes + StateBytes;
}
