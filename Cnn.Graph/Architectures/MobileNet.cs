using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// MobileNet (Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017, table 1): every
/// convolution but the first is a depthwise 3x3 and a 1x1 one, each with batch normalisation and a rectifier behind it. Its widths 0.75,
/// 0.5 and 0.25 and its input sizes 192, 160 and 128 are those that the paper compares.
/// </summary>
public static class MobileNet
{
    /// <summary>4.2 million parameters, 569 million multiply-accumulates. Padding is TensorFlow's, in which the authors wrote it.</summary>
    public static Architecture V1 { get; } = new(
        "mobilenet-v1", "MobileNet", 2017, "Howard et al., arXiv:1704.04861", [3, 224, 224], 1000, Create)
    {
        HasWidth = true,
        Recipe = new Recipe
        {
            // As Inception-v3, says the paper; depthwise kernels are so few that weight decay would harm them.
            Optimizer = Optimizer.RmsProp(
                learningRate: 0.045, decay: 0.9, epsilon: 1, momentum: 0.9, weightDecay: 4e-5, tensorFlow: true) with
            {
                Groups = new(new ParameterGroup("*/depthwise/weight") { DecayFactor = 0 }),
            },
            Schedule = Schedules.Step(epochs: 2, factor: 0.94),
            BatchSize = 96,
            Epochs = 100,
        },
    };

    /// <summary>Output channels and stride of each pair of convolutions.</summary>
    private static readonly (int Channels, int Stride)[] Pairs =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
        (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    private static Network Create(Design d)
    {
        Value x = d.Image().Conv2d(d.Channels(32), kernel: 3, stride: 2, padding: Padding.Same, bias: false, name: "conv0")
            .BatchNorm(name: "bn0").Relu(name: "relu0");
        foreach ((int i, (int channels, int stride)) in Pairs.Index())
        {
            x = x.Block($"conv{i + 1}", input => input
                .DepthwiseConv2d(3, stride: stride, padding: Padding.Same, bias: false, name: "depthwise")
                .BatchNorm(name: "depthwise_bn").Relu(name: "depthwise_relu")
                .Conv2d(d.Channels(channels), kernel: 1, bias: false, name: "pointwise")
                .BatchNorm(name: "pointwise_bn").Relu(name: "pointwise_relu"));
        }

        return x.GlobalAveragePool(name: "pool").Flatten(name: "flatten").Dense(d.Classes, name: "fc").Build("MobileNet");
    }
}
