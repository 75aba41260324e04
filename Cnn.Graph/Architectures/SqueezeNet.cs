using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// SqueezeNet (Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and &lt;0.5MB model size", 2016, table 1):
/// eight fire modules, which squeeze the channels with 1x1 kernels before they expand them with 1x1 and 3x3 ones side by side.
/// </summary>
public static class SqueezeNet
{
    /// <summary>
    /// 1.0 is the network of the paper, 1.1 the authors' later one, which pools earlier and takes less than half the multiplications.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("squeezenet1_0", "SqueezeNet 1.0", new(Kernel: 7, Channels: 96, PoolsBehind: [1, 4, 8])),
        Of("squeezenet1_1", "SqueezeNet 1.1", new(Kernel: 3, Channels: 64, PoolsBehind: [1, 3, 5])),
    ];

    /// <summary>Caffe's "xavier", with which the authors trained.</summary>
    private static Initializer Xavier => Initializer.VarianceScaling(1, Fan.In, isUniform: true);

    /// <param name="Kernel">The side of the first kernels.</param>
    /// <param name="Channels">Their number.</param>
    /// <param name="PoolsBehind">What a max pooling follows: 1 is the first convolution, 2 to 9 are the fire modules.</param>
    private sealed record Plan(int Kernel, int Channels, int[] PoolsBehind);

    private static Architecture Of(string id, string title, Plan plan) =>
        new(id, title, 2016, "Iandola et al., arXiv:1602.07360", [3, 224, 224], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            TorchModules = network => StateDict.Sequences(
                network, second: "drop9", layer => layer.Replace("squeeze1x1", "squeeze", StringComparison.Ordinal)),
            Recipe = new Recipe
            {
                // 170,000 steps of 16 batches.
                Optimizer = Optimizer.Sgd(learningRate: 0.04, momentum: 0.9, weightDecay: 2e-4) with { AccumulationSteps = 16 },
                Schedule = Schedules.Polynomial(1),
                BatchSize = 32,
                Epochs = 68,
            },
        };

    private static Network Create(Design d, string title, Plan plan)
    {
        Value x = d.Image()
            .Conv2d(d.Channels(plan.Channels), plan.Kernel, stride: 2, weightInitializer: Xavier, name: "conv1").Relu(name: "relu1");
        for (int module = 1; module <= 9; module++)
        {
            if (module > 1)
            {
                int squeezed = 16 * (module / 2);
                x = x.Block($"fire{module}", input => Fire(input, d.Channels(squeezed), d.Channels(4 * squeezed)));
            }

            x = plan.PoolsBehind.Contains(module) ? x.MaxPool2d(3, stride: 2, ceil: true, name: $"pool{module}") : x;
        }

        return x.Dropout(0.5, name: "drop9")
            .Conv2d(d.Classes, kernel: 1, weightInitializer: Initializer.Gaussian(0.01), name: "conv10").Relu(name: "relu10")
            .GlobalAveragePool(name: "pool10").Flatten(name: "flatten").Build(title);
    }

    private static Value Fire(Value input, int squeezed, int expanded)
    {
        Value x = input.Conv2d(squeezed, kernel: 1, weightInitializer: Xavier, name: "squeeze1x1").Relu(name: "squeeze1x1_relu");
        Value small = x.Conv2d(expanded, kernel: 1, weightInitializer: Xavier, name: "expand1x1").Relu(name: "expand1x1_relu");
        Value large = x.Conv2d(expanded, kernel: 3, padding: 1, weightInitializer: Xavier, name: "expand3x3").Relu(name: "expand3x3_relu");
        return small.Concat([large], name: "concat");
    }
}
