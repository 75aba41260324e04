using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Residual networks for ImageNet (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015, table 1) and the plain
/// networks they are compared with. Every block adds its input to what its convolutions make of it.
/// </summary>
public static class ResNet
{
    private const string Paper = "He et al., arXiv:1512.03385";

    /// <summary>
    /// Blocks of two 3x3 convolutions (18, 34) or of 1x1, 3x3, 1x1 with four times the channels behind (50, 101, 152). As in torchvision
    /// the 3x3 convolution strides ("v1.5"); in the paper, <c>-v1</c>, the first 1x1 does.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("resnet18", "ResNet-18", new([2, 2, 2, 2])),
        Of("resnet34", "ResNet-34", new([3, 4, 6, 3])),
        Of("resnet50", "ResNet-50", new([3, 4, 6, 3], IsBottleneck: true)),
        Of("resnet101", "ResNet-101", new([3, 4, 23, 3], IsBottleneck: true)),
        Of("resnet152", "ResNet-152", new([3, 8, 36, 3], IsBottleneck: true)),
        Of("resnet50-v1", "ResNet-50, stride in the 1x1", new([3, 4, 6, 3], IsBottleneck: true, StridesFirst: true)),
        Of("resnet101-v1", "ResNet-101, stride in the 1x1", new([3, 4, 23, 3], IsBottleneck: true, StridesFirst: true)),
        Of("resnet152-v1", "ResNet-152, stride in the 1x1", new([3, 8, 36, 3], IsBottleneck: true, StridesFirst: true)),
        Of("resnet18-a", "ResNet-18, shortcuts A", new([2, 2, 2, 2], ShortcutKind.A)),
        Of("resnet34-a", "ResNet-34, shortcuts A", new([3, 4, 6, 3], ShortcutKind.A)),
        Of("resnet34-c", "ResNet-34, shortcuts C", new([3, 4, 6, 3], ShortcutKind.C)),
        Of("plain18", "Plain network of 18 layers", new([2, 2, 2, 2], Shortcut: null)),
        Of("plain34", "Plain network of 34 layers", new([3, 4, 6, 3], Shortcut: null)),
    ];

    /// <param name="Blocks">The number of blocks in each stage, conv2_x to conv5_x.</param>
    /// <param name="Shortcut">How the input passes by a block; null where it does not.</param>
    /// <param name="IsBottleneck">Whether blocks narrow the channels for their 3x3 convolution.</param>
    /// <param name="StridesFirst">Whether a bottleneck strides in its first convolution.</param>
    private sealed record Plan(int[] Blocks, ShortcutKind? Shortcut = ShortcutKind.B, bool IsBottleneck = false, bool StridesFirst = false);

    /// <summary>
    /// The paper divides the rate by ten on plateaus; after 30 and 60 epochs, as its authors' later programs and torchvision do.
    /// </summary>
    internal static Recipe Recipe => new()
    {
        Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4), Schedule = Schedules.MultiStep([30, 60]), BatchSize = 256, Epochs = 90,
    };

    private static Architecture Of(string id, string title, Plan plan) => new(id, title, 2015, Paper, [3, 224, 224], 1000, d => Create(d, title, plan))
    {
        HasWidth = true,
        Recipe = Recipe,
        TorchModules = plan is { Shortcut: ShortcutKind.B, StridesFirst: false } ? _ => TorchModule : null,
    };

    /// <summary><c>conv3_1/shortcut/projection</c> is <c>layer2.0.downsample.0</c>.</summary>
    private static string TorchModule(string layer)
    {
        if (layer.Split('/', 2) is not [var block, var inner])
        {
            return layer;
        }

        string[] number = block["conv".Length..].Split('_');
        return $"layer{StateDict.Less(number[0])}.{StateDict.Less(number[1])}." + inner switch
        {
            "shortcut/projection" => "downsample.0",
            "shortcut/bn" => "downsample.1",
            _ => inner,
        };
    }

    private static Network Create(Design d, string title, Plan plan)
    {
        Value x = d.Image()
            .Conv2d(d.Channels(64), kernel: 7, stride: 2, padding: 3, bias: false, weightInitializer: Initializer.HeFanOut, name: "conv1")
            .BatchNorm(name: "bn1").Relu(name: "relu1")
            .MaxPool2d(3, stride: 2, padding: 1, name: "pool1");
        for (int stage = 0; stage < plan.Blocks.Length; stage++)
        {
            for (int block = 0; block < plan.Blocks[stage]; block++)
            {
                int channels = d.Channels(64 << stage), stride = stage > 0 && block == 0 ? 2 : 1;
                x = x.Block($"conv{stage + 2}_{block + 1}", input => plan.IsBottleneck
                    ? Bottleneck(input, channels, stride, plan)
                    : Basic(input, channels, stride, plan.Shortcut));
            }
        }

        return x.GlobalAveragePool(name: "pool5").Flatten(name: "flatten").Dense(d.Classes, name: "fc").Build(title);
    }

    /// <summary>Two 3x3 convolutions and the way past them.</summary>
    internal static Value Basic(Value input, int channels, int stride, ShortcutKind? shortcut)
    {
        Value x = input.Convolution(channels, 3, stride, "1").Relu(name: "relu1").Convolution(channels, 3, 1, "2");
        return x.AddShortcut(input, channels, stride, shortcut);
    }

    /// <summary>1x1 to fewer channels, 3x3, 1x1 to four times as many, and the way past them.</summary>
    private static Value Bottleneck(Value input, int channels, int stride, Plan plan)
    {
        (int first, int second) = plan.StridesFirst ? (stride, 1) : (1, stride);
        Value x = input.Convolution(channels, 1, first, "1").Relu(name: "relu1")
            .Convolution(channels, 3, second, "2").Relu(name: "relu2")
            .Convolution(4 * channels, 1, 1, "3");
        return x.AddShortcut(input, 4 * channels, stride, plan.Shortcut);
    }

    /// <summary>A convolution that keeps the size (but for its stride), batch normalisation behind it.</summary>
    private static Value Convolution(this Value x, int channels, int kernel, int stride, string name) => x
        .Conv2d(channels, kernel, stride, padding: kernel / 2, bias: false, weightInitializer: Initializer.HeFanOut, name: $"conv{name}")
        .BatchNorm(name: $"bn{name}");

    private static Value AddShortcut(this Value x, Value input, int channels, int stride, ShortcutKind? shortcut)
    {
        if (shortcut is { } kind)
        {
            Value past = input.Shortcut(
                kind, channels, stride, s => s.BatchNorm(name: "bn"), weightInitializer: Initializer.HeFanOut, name: "shortcut");
            x = x.Add(past, name: "add");
        }

        return x.Relu(name: "relu");
    }
}
