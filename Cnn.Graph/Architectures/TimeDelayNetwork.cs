namespace Cnn.Graph.Architectures;

/// <summary>
/// The time-delay network (Waibel, Hanazawa, Hinton, Shikano and Lang, "Phoneme recognition using time-delay neural networks", IEEE Trans.
/// ASSP 37(3), 1989): two layers that slide over time, and the evidence for each class summed up.
/// </summary>
public static class TimeDelayNetwork
{
    /// <summary>
    /// 521 parameters for the phonemes B, D and G in 15 frames of 16 mel-scale coefficients. An output is joined to all frames of its own
    /// row of the second hidden layer by equal weights. The paper squashes the outputs too and trains them by squared error; here they are
    /// scores.
    /// </summary>
    public static Architecture Phonemes { get; } = new(
        "tdnn", "Time-delay neural network", 1989, "Waibel et al., IEEE Trans. ASSP 37(3)", [16, 15], 3, Create)
    {
        HasWidth = true,
        Recipe = new Recipe { Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9), BatchSize = 16, Epochs = 50 },
    };

    private static Network Create(Design d) => Network.Input("signal", [.. d.Input])
        .Conv1d(d.Channels(8), kernel: 3, weightInitializer: Initializer.Xavier, name: "hidden1").Sigmoid(name: "sigmoid1")
        .Conv1d(d.Classes, kernel: 5, weightInitializer: Initializer.Xavier, name: "hidden2").Sigmoid(name: "sigmoid2")
        .GlobalAveragePool(name: "mean")
        .Conv1d(d.Classes, kernel: 1, groups: d.Classes, weightInitializer: Initializer.Constant(9), name: "output")
        .Flatten(name: "scores")
        .Build("Time-delay neural network");
}
