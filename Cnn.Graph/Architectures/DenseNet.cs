using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Densely connected networks for ImageNet (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2016,
/// table 1): every layer of a block sees what all layers before it made and adds a few channels of its own. Between blocks the channels and
/// the picture's sides are halved.
/// </summary>
public static class DenseNet
{
    /// <summary>121 to 201 layers, each of which adds 32 channels, and 161 that add 48.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of(121, new(Growth: 32, [6, 12, 24, 16])),
        Of(169, new(Growth: 32, [6, 12, 32, 32])),
        Of(201, new(Growth: 32, [6, 12, 48, 32])),
        Of(161, new(Growth: 48, [6, 12, 36, 24])),
    ];

    /// <param name="Growth">The channels that a layer adds ("k").</param>
    /// <param name="Layers">The number of layers in each block.</param>
    internal sealed record Plan(int Growth, int[] Layers);

    private static Architecture Of(int depth, Plan plan)
    {
        string title = $"DenseNet-{depth}";
        return new($"densenet{depth}", title, 2016, "Huang et al., arXiv:1608.06993", [3, 224, 224], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            TorchModules = _ => layer => layer == "classifier" ? layer : $"features.{StateDict.Dotted(layer)}",
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4, form: MomentumForm.Nesterov),
                Schedule = Schedules.MultiStep([30, 60]),
                BatchSize = 256,
                Epochs = 90,
            },
        };
    }

    internal static Network Create(Design d, string title, Plan plan)
    {
        int growth = d.Channels(plan.Growth), channels = 2 * growth;
        Value x = d.Image().Convolution(channels, kernel: 7, "conv0", stride: 2).BatchNorm(name: "norm0").Relu(name: "relu0")
            .MaxPool2d(3, stride: 2, padding: 1, name: "pool0");
        for (int block = 1; block <= plan.Layers.Length; block++)
        {
            if (block > 1)
            {
                int half = channels /= 2;
                x = x.Block($"transition{block - 1}", input => Transition(input, half));
            }

            for (int layer = 1; layer <= plan.Layers[block - 1]; layer++)
            {
                x = x.Block($"denseblock{block}/denselayer{layer}", input => Layer(input, growth));
                channels += growth;
            }
        }

        return x.BatchNorm(name: "norm5").Relu(name: "relu5")
            .GlobalAveragePool(name: "pool5").Flatten(name: "flatten").Dense(d.Classes, name: "classifier").Build(title);
    }

    /// <summary>
    /// A 1x1 convolution to four times as many channels as the layer adds (DenseNet-B), then the 3x3 one that makes them.
    /// </summary>
    private static Value Layer(Value input, int growth)
    {
        Value more = input.BatchNorm(name: "norm1").Relu(name: "relu1").Convolution(4 * growth, kernel: 1, "conv1")
            .BatchNorm(name: "norm2").Relu(name: "relu2").Convolution(growth, kernel: 3, "conv2");
        return input.Concat([more], name: "concat");
    }

    /// <summary>Half the channels (DenseNet-C), half the size.</summary>
    private static Value Transition(Value input, int channels) => input
        .BatchNorm(name: "norm").Relu(name: "relu").Convolution(channels, kernel: 1, "conv").AveragePool2d(2, name: "pool");

    private static Value Convolution(this Value x, int channels, int kernel, string name, int stride = 1) =>
        x.Conv2d(channels, kernel, stride, padding: kernel / 2, bias: false, weightInitializer: Initializer.He, name: name);
}
