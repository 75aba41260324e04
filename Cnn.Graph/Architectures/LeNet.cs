namespace Cnn.Graph.Architectures;

/// <summary>
/// LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998) as it is
/// built today: every map of C3 sees every map of S2, pooling has no parameters of its own, and the output is a softmax.
/// </summary>
public static class LeNet
{
    /// <summary>61,706 parameters on MNIST. The pictures are 28x28 and padded to the paper's 32x32 in the first layer.</summary>
    public static Architecture Modern { get; } = new(
        "lenet5", "LeNet-5", 1998, "LeCun et al., Proc. IEEE 86(11)", [1, 28, 28], 10, Create)
    {
        Recipe = new Recipe
        {
            Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3), Schedule = Schedules.Cosine, BatchSize = 64, Epochs = 10,
        },
    };

    /// <summary>
    /// Table I of the paper: for each map of C3, the maps of S2 that it sees. With 5x5 kernels and a bias for each map it makes 1,516
    /// parameters, see <see cref="ConvolutionLayers.PartialConv2d"/>.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<int>> C3Connections { get; } =
    [
        [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
        [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5], [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
        [0, 1, 2, 3, 4, 5],
    ];

    private static Network Create(Design d) => d.Image()
        .Conv2d(6, kernel: 5, padding: 2, weightInitializer: Initializer.Xavier, name: "c1").Tanh(name: "c1_tanh")
        .AveragePool2d(2, name: "s2")
        .Conv2d(16, kernel: 5, weightInitializer: Initializer.Xavier, name: "c3").Tanh(name: "c3_tanh")
        .AveragePool2d(2, name: "s4")
        .Conv2d(120, kernel: 5, weightInitializer: Initializer.Xavier, name: "c5").Tanh(name: "c5_tanh")
        .Flatten(name: "flatten")
        .Dense(84, weightInitializer: Initializer.Xavier, name: "f6").Tanh(name: "f6_tanh")
        .Dense(d.Classes, weightInitializer: Initializer.Xavier, name: "output_scores")
        .Build("LeNet-5");
}
