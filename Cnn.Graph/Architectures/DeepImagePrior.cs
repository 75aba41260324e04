using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The hourglass with skip connections of the deep image prior (Ulyanov, Vedaldi and Lempitsky, "Deep image prior", 2017): fixed noise
/// of the picture's size goes in, and the network is trained on one damaged picture only. Five times the picture is halved ("d1" to "d5")
/// and doubled again ("u5" to "u1"), a 1x1 convolution ("s1" to "s5") carrying details across. A sample's "classes" are the channels of
/// the picture that comes out, from 0 to 1. Sides are best multiples of 32; others are cropped on the way up.
/// </summary>
public static class DeepImagePrior
{
    /// <summary>
    /// The networks of the authors' code for noise and super-resolution, for large holes, for text over a picture, for JPEG artefacts.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("deep-image-prior", "Deep image prior", 32, steps: 3000, new(Wide, [4, 4, 4, 4, 4], ResizeMode.Bilinear)),
        Of("deep-image-prior-hole", "Deep image prior without skips", 2, steps: 5001, new(Wide, [0, 0, 0, 0, 0], ResizeMode.Nearest)),
        Of("deep-image-prior-text", "Deep image prior with wide skips", 32, steps: 6001, new(Wide, Wide, ResizeMode.Nearest)),
        Of("deep-image-prior-small", "Small deep image prior", 3, steps: 2400, new(Narrow, [0, 0, 0, 4, 4], ResizeMode.Bilinear)),
    ];

    private static int[] Wide => [128, 128, 128, 128, 128];

    private static int[] Narrow => [8, 16, 32, 64, 128];

    /// <param name="Channels">At each scale, the channels on the way down and on the way up.</param>
    /// <param name="Skips">At each scale, the channels that are carried across; 0 for none.</param>
    /// <param name="Upsampling">How pictures are doubled.</param>
    private sealed record Plan(int[] Channels, int[] Skips, ResizeMode Upsampling);

    private static Architecture Of(string id, string title, int noise, int steps, Plan plan) =>
        new(id, title, 2017, "Ulyanov et al., arXiv:1711.10925", [noise, 512, 512], 3, d => Create(d, title, plan))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                // With one picture a step is an epoch.
                Loss = Loss.MeanSquaredError(), Optimizer = Optimizer.Adam(learningRate: 0.01), BatchSize = 1, Epochs = steps,
            },
        };

    private static Network Create(Design d, string title, Plan plan)
    {
        Value x = Network.Input("noise", [.. d.Input]);
        var ways = new List<(Value? Skip, Size2 Size)>();
        Size2 size = (d.Input[1], d.Input[2]);
        for (int i = 0; i < plan.Channels.Length; i++)
        {
            int channels = d.Channels(plan.Channels[i]), across = plan.Skips[i];
            ways.Add((across == 0 ? null : x.Block($"s{i + 1}", input => input.Convolution(d.Channels(across), 1, "")), size));
            x = x.Block($"d{i + 1}", input => input.Convolution(channels, 3, "1", stride: 2).Convolution(channels, 3, "2"));
            size = ((size.Height + 1) / 2, (size.Width + 1) / 2);
        }

        for (int i = plan.Channels.Length - 1; i >= 0; i--)
        {
            int channels = d.Channels(plan.Channels[i]);
            (Value? skip, Size2 target) = ways[i];
            x = x.Block($"u{i + 1}", input => Up(input, skip, size, target, channels, plan.Upsampling));
            size = target;
        }

        return x.Conv2d(d.Classes, kernel: 1, name: "conv").Sigmoid(name: "picture").Build(title);
    }

    private static Value Up(Value input, Value? skip, Size2 size, Size2 target, int channels, ResizeMode mode)
    {
        Value x = input.Upsample2d(2, mode, name: "upsample");
        x = target == new Size2(2 * size.Height, 2 * size.Width) ? x : x.CenterCrop2d(target, name: "crop");
        x = skip is null ? x : skip.Concat([x], name: "concat");
        return x.BatchNorm(name: "bn0").Convolution(channels, 3, "1").Convolution(channels, 1, "2");
    }

    /// <summary>
    /// A convolution that keeps the size (but for its stride), reflecting the picture at its border; normalisation, leaky rectifier.
    /// </summary>
    private static Value Convolution(this Value x, int channels, int kernel, string name, int stride = 1)
    {
        Value bordered = kernel == 1 ? x : x.Pad2d(kernel / 2, PadMode.Reflect, name: $"pad{name}");
        return bordered.Conv2d(channels, kernel, stride, weightInitializer: TorchDefault, name: $"conv{name}")
            .BatchNorm(name: $"bn{name}").LeakyRelu(0.2, name: $"relu{name}");
    }

    /// <summary>What PyTorch starts a convolution with, as the authors left it: uniform in ±1 / √fan-in.</summary>
    private static Initializer TorchDefault => Initializer.VarianceScaling(1.0 / 3, Fan.In, isUniform: true);
}
