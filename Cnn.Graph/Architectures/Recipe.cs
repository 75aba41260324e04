namespace Cnn.Graph.Architectures;

/// <summary>How an architecture is trained when nothing else is asked for.</summary>
public sealed record Recipe
{
    /// <summary>The loss.</summary>
    public Loss Loss { get; init; } = Loss.SoftmaxCrossEntropy();

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9);

    /// <summary>The schedule of the learning rate.</summary>
    public Schedule Schedule { get; init; } = Schedules.Constant;

    /// <summary>Samples a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 10;
}
