namespace Cnn.Graph.Architectures;

/// <summary>
/// What convolutional networks are measured against, after the comparison in LeCun et al., 1998, section III: a linear classifier of the
/// pixels, and a perceptron with two hidden layers.
/// </summary>
public static class Baselines
{
    private const string Paper = "LeCun et al., Proc. IEEE 86(11), section III";

    /// <summary>7,850 and 266,610 parameters on MNIST.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("linear", "Linear classifier", 1998, Paper, [1, 28, 28], 10, d => d.Image()
            .Flatten(name: "flatten")
            .Dense(d.Classes, weightInitializer: Initializer.Xavier, name: "output")
            .Build("Linear classifier"))
        {
            Recipe = new Recipe { Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9), Schedule = Schedules.Cosine },
        },
        new("mlp", "Perceptron with 300 and 100 hidden units", 1998, Paper, [1, 28, 28], 10, d => d.Image()
            .Flatten(name: "flatten")
            .Dense(d.Channels(300), weightInitializer: Initializer.Xavier, name: "hidden1").Tanh(name: "tanh1")
            .Dense(d.Channels(100), weightInitializer: Initializer.Xavier, name: "hidden2").Tanh(name: "tanh2")
            .Dense(d.Classes, weightInitializer: Initializer.Xavier, name: "output")
            .Build("Perceptron with 300 and 100 hidden units"))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4), Schedule = Schedules.Cosine,
            },
        },
    ];
}
