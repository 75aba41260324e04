namespace Cnn.Graph.OrtTraining;

/// <summary>What the artifacts of ONNX Runtime Training are made for.</summary>
public sealed record TrainingArtifactOptions
{
    /// <summary>The loss; softmax cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.SoftmaxCrossEntropy();

    /// <summary>
    /// The optimiser; AdamW by default. ONNX Runtime's own operators can do SGD, also with momentum in the forms
    /// <see cref="MomentumForm.PyTorch"/>, <see cref="MomentumForm.Classical"/> and <see cref="MomentumForm.Dampened"/>, RMSProp in the
    /// form of PyTorch without momentum, Adam and AdamW; with clipping, groups, frozen parameters and steps of several batches.
    /// </summary>
    public Optimizer Optimizer { get; init; } = Optimizer.AdamW();

    /// <summary>
    /// Whether the optimiser's own learning rate is written into its model, for runtimes that cannot set one, such as that for browsers. By
    /// default the runtime's rate counts, which must be set before the first step (<c>SetLearningRate</c>).
    /// </summary>
    public bool IsRateFixed { get; init; }

    /// <summary>
    /// Whether masks of dropout and other noise are inputs of the training model, to be fed at every step as with <c>cnn train-graph</c>.
    /// By default the model draws them itself.
    /// </summary>
    public bool IsNoiseFed { get; init; }

    /// <summary>Decides the noise that the model draws; 0 by default.</summary>
    public long Seed { get; init; }
}
