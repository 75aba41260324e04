using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2014, table 1): stages of 3x3
/// convolutions with a 2x2 max pooling behind each, then three dense layers. The number in an id counts the layers with weights.
/// </summary>
/// <remarks>
/// Convolutions start as in torchvision. The paper drew the weights of A with a variance of 0.01 and began the deeper networks with those
/// that A had learnt; later its authors found that Glorot's rule makes that needless.
/// </remarks>
public static class Vgg
{
    private static readonly int[] Widths = [64, 128, 256, 512, 512];

    /// <summary>
    /// A, A-LRN, B, C, D and E, all but A-LRN with batch normalisation too. The convolutions keep their biases before it, as in
    /// torchvision.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("vgg11", "VGG-11 (A)", new([1, 1, 2, 2, 2])),
        Of("vgg-a-lrn", "VGG-11 with local response normalisation (A-LRN)", new([1, 1, 2, 2, 2], HasLrn: true)),
        Of("vgg13", "VGG-13 (B)", new([2, 2, 2, 2, 2])),
        Of("vgg-c", "VGG-16 with 1x1 convolutions (C)", new([2, 2, 3, 3, 3], EndsIn1x1: true)),
        Of("vgg16", "VGG-16 (D)", new([2, 2, 3, 3, 3])),
        Of("vgg19", "VGG-19 (E)", new([2, 2, 4, 4, 4])),
        Of("vgg11_bn", "VGG-11 (A) with batch normalisation", new([1, 1, 2, 2, 2], HasBatchNorm: true)),
        Of("vgg13_bn", "VGG-13 (B) with batch normalisation", new([2, 2, 2, 2, 2], HasBatchNorm: true)),
        Of("vgg-c-bn", "VGG-16 with 1x1 convolutions (C), batch normalisation", new([2, 2, 3, 3, 3], EndsIn1x1: true, HasBatchNorm: true)),
        Of("vgg16_bn", "VGG-16 (D) with batch normalisation", new([2, 2, 3, 3, 3], HasBatchNorm: true)),
        Of("vgg19_bn", "VGG-19 (E) with batch normalisation", new([2, 2, 4, 4, 4], HasBatchNorm: true)),
    ];

    /// <param name="Convolutions">The number of convolutions in each stage.</param>
    /// <param name="EndsIn1x1">Whether the third convolution of a stage is of 1x1.</param>
    /// <param name="HasLrn">Whether the first convolution is normalised across its maps.</param>
    /// <param name="HasBatchNorm">Whether every convolution is followed by batch normalisation.</param>
    private sealed record Plan(int[] Convolutions, bool EndsIn1x1 = false, bool HasLrn = false, bool HasBatchNorm = false);

    private static Architecture Of(string id, string title, Plan plan) =>
        new(id, title, 2014, "Simonyan and Zisserman, arXiv:1409.1556", [3, 224, 224], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            TorchModules = plan is { HasLrn: false, EndsIn1x1: false } ? network => StateDict.Sequences(network, second: "fc6") : null,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4),
                Schedule = Schedules.OnPlateau(),
                BatchSize = 256,
                Epochs = 74,
            },
        };

    private static Network Create(Design d, string title, Plan plan)
    {
        Value x = d.Image();
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int layer = 0; layer < plan.Convolutions[stage]; layer++)
            {
                string number = $"{stage + 1}_{layer + 1}";
                int kernel = plan.EndsIn1x1 && layer == 2 ? 1 : 3;
                x = x.Conv2d(
                    d.Channels(Widths[stage]), kernel, padding: kernel / 2, weightInitializer: Initializer.HeFanOut, name: $"conv{number}");
                x = (plan.HasBatchNorm ? x.BatchNorm(name: $"bn{number}") : x).Relu(name: $"relu{number}");
                x = plan.HasLrn && stage == 0 ? x.LocalResponseNorm(k: 2, dividedAlpha: false, name: $"norm{number}") : x;
            }

            x = x.MaxPool2d(2, name: $"pool{stage + 1}");
        }

        Initializer dense = Initializer.Gaussian(0.01);
        return x.Flatten(name: "flatten")
            .Dense(d.Channels(4096), weightInitializer: dense, name: "fc6").Relu(name: "relu6").Dropout(0.5, name: "drop6")
            .Dense(d.Channels(4096), weightInitializer: dense, name: "fc7").Relu(name: "relu7").Dropout(0.5, name: "drop7")
            .Dense(d.Classes, weightInitializer: dense, name: "fc8")
            .Build(title);
    }
}
