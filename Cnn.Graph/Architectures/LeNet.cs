using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998) as the
/// paper has it and as it is built today, and the network that Caffe calls LeNet.
/// </summary>
public static class LeNet
{
    /// <summary>
    /// 61,706 parameters: every map of C3 sees every map of S2, pooling has no parameters of its own, and the output is a softmax. Pictures
    /// smaller than the paper's 32x32, such as the 28x28 of MNIST, get two pixels around them in the first layer.
    /// </summary>
    public static Architecture Modern { get; } = new(
        "lenet5", "LeNet-5", 1998, "LeCun et al., Proc. IEEE 86(11)", [1, 28, 28], 10, CreateModern)
    {
        Recipe = new Recipe
        {
            Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3), Schedule = Schedules.Cosine, BatchSize = 64, Epochs = 10,
        },
    };

    /// <summary>
    /// 60,000 parameters, as published: C3 sees choices of S2, subsampling learns a coefficient and a bias a map, every layer is squashed,
    /// and the output measures the distance to fixed prototypes. The paper's pictures are about -0.1 where white and 1.175 where black; it
    /// took steps after every sample, with a rate for each parameter from its second derivative, where there is momentum here.
    /// </summary>
    public static Architecture Original { get; } = new(
        "lenet5-original", "LeNet-5 as published", 1998, "LeCun et al., Proc. IEEE 86(11)", [1, 32, 32], 10, CreateOriginal)
    {
        Recipe = new Recipe
        {
            Loss = Loss.MaximumAPosteriori(),
            Optimizer = Optimizer.Sgd(learningRate: 0.002, momentum: 0.9),
            Schedule = p => p.Epoch switch { < 2 => 1, < 5 => 0.4, < 8 => 0.2, < 12 => 0.1, _ => 0.02 },
            BatchSize = 64,
            Epochs = 20,
        },
    };

    /// <summary>431,080 parameters: Caffe's example for MNIST, 20 and 50 maps and one rectifier.</summary>
    public static Architecture Caffe { get; } = new(
        "caffe-lenet", "Caffe's LeNet", 2014, "Jia et al., arXiv:1408.5093, examples/mnist", [1, 28, 28], 10, CreateCaffe)
    {
        HasWidth = true,
        Recipe = new Recipe
        {
            Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4, MomentumForm.Classical) with
            {
                Groups = new(new ParameterGroup("*") { Role = ParameterRole.Bias, RateFactor = 2 }),
            },
            Schedule = p => Math.Pow(1 + (1e-4 * p.Step), -0.75),
            BatchSize = 64,
            Epochs = 11, // 10,000 steps
        },
    };

    /// <summary>The three of them.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [Modern, Original, Caffe];

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

    /// <summary>Four pixels and a coefficient: the paper counts inputs, where the shape of the coefficients tells of none.</summary>
    private static readonly Initializer SubsamplingStart = Initializer.LeNet.WithFans(new Initializer.Fans(In: 4, Out: 1));

    private static Network CreateModern(Design d) => d.Image()
        .Conv2d(6, kernel: 5, padding: Frame(d), weightInitializer: Initializer.Xavier, name: "c1").Tanh(name: "c1_tanh")
        .AveragePool2d(2, name: "s2")
        .Conv2d(16, kernel: 5, weightInitializer: Initializer.Xavier, name: "c3").Tanh(name: "c3_tanh")
        .AveragePool2d(2, name: "s4")
        .Conv2d(120, kernel: 5, weightInitializer: Initializer.Xavier, name: "c5").Tanh(name: "c5_tanh")
        .Flatten(name: "flatten")
        .Dense(84, weightInitializer: Initializer.Xavier, name: "f6").Tanh(name: "f6_tanh")
        .Dense(d.Classes, weightInitializer: Initializer.Xavier, name: "output_scores")
        .Build("LeNet-5");

    private static Network CreateOriginal(Design d) => d.Image()
        .Conv2d(6, kernel: 5, padding: Frame(d), weightInitializer: Initializer.LeNet, name: "c1").ScaledTanh(name: "c1_squash")
        .TrainableSubsampling2d(2, coefficientInitializer: SubsamplingStart, name: "s2").ScaledTanh(name: "s2_squash")
        .PartialConv2d(C3Connections, kernel: 5, weightInitializer: Initializer.LeNet, name: "c3").ScaledTanh(name: "c3_squash")
        .TrainableSubsampling2d(2, coefficientInitializer: SubsamplingStart, name: "s4").ScaledTanh(name: "s4_squash")
        .Conv2d(120, kernel: 5, weightInitializer: Initializer.LeNet, name: "c5").ScaledTanh(name: "c5_squash")
        .Flatten(name: "flatten")
        .Dense(84, weightInitializer: Initializer.LeNet, name: "f6").ScaledTanh(name: "f6_squash")
        .RbfOutput(d.Classes, frozen: true, name: "output")
        .Build("LeNet-5 as published");

    private static Network CreateCaffe(Design d)
    {
        Initializer start = Initializer.VarianceScaling(1, isUniform: true);
        return d.Image()
            .Conv2d(d.Channels(20), kernel: 5, weightInitializer: start, name: "conv1").MaxPool2d(2, ceil: true, name: "pool1")
            .Conv2d(d.Channels(50), kernel: 5, weightInitializer: start, name: "conv2").MaxPool2d(2, ceil: true, name: "pool2")
            .Flatten(name: "flatten")
            .Dense(d.Channels(500), weightInitializer: start, name: "ip1").Relu(name: "relu1")
            .Dense(d.Classes, weightInitializer: start, name: "ip2")
            .Build("Caffe's LeNet");
    }

    /// <summary>The paper has the digits of 28x28 in a frame of 32x32.</summary>
    private static Padding Frame(Design d) => d.Input is [_, >= 32, >= 32] ? 0 : 2;
}
