using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Residual networks whose normalisation and rectifier stand before the convolutions (He, Zhang, Ren and Sun, "Identity mappings in deep
/// residual networks", 2016), so that the shortcuts carry the signal unchanged. Where channels change, the shortcut is a 1x1 convolution of
/// what the first normalisation and rectifier give.
/// </summary>
public static class PreActivationResNet
{
    private const string Paper = "He et al., arXiv:1603.05027";

    /// <summary>For CIFAR with 110, 164 and 1001 layers; for ImageNet with 50 to 200.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Cifar("preact-resnet110", "Pre-activation ResNet-110", blocks: 18, isBottleneck: false),
        Cifar("preact-resnet164", "Pre-activation ResNet-164", blocks: 18, isBottleneck: true),
        Cifar("preact-resnet1001", "Pre-activation ResNet-1001", blocks: 111, isBottleneck: true),
        ImageNet("resnet50-v2", "ResNet-50 v2", [3, 4, 6, 3]),
        ImageNet("resnet101-v2", "ResNet-101 v2", [3, 4, 23, 3]),
        ImageNet("resnet152-v2", "ResNet-152 v2", [3, 8, 36, 3]),
        ImageNet("resnet200-v2", "ResNet-200 v2", [3, 24, 36, 3]),
    ];

    private static Architecture Cifar(string id, string title, int blocks, bool isBottleneck) =>
        new(id, title, 2016, Paper, [3, 32, 32], 10, d => Create(
            d, title, 16, [blocks, blocks, blocks], isBottleneck, stridesFirst: true,
            image => image.Conv2d(d.Channels(16), kernel: 3, padding: 1, bias: false, weightInitializer: Initializer.HeFanOut, name: "conv1")))
        {
            HasWidth = true,
            Recipe = CifarResNet.Recipe,
        };

    private static Architecture ImageNet(string id, string title, int[] blocks) =>
        new(id, title, 2016, Paper, [3, 224, 224], 1000, d => Create(
            d, title, 64, blocks, isBottleneck: true, stridesFirst: false,
            image => image
                .Conv2d(d.Channels(64), kernel: 7, stride: 2, padding: 3, bias: false, weightInitializer: Initializer.HeFanOut, name: "conv1")
                .MaxPool2d(3, stride: 2, padding: 1, name: "pool1")))
        {
            HasWidth = true,
            Recipe = ResNet.Recipe,
        };

    private static Network Create(Design d, string title, int width, int[] blocks, bool isBottleneck, bool stridesFirst, Func<Value, Value> stem)
    {
        Value x = stem(d.Image());
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                int channels = d.Channels(width << stage), stride = stage > 0 && block == 0 ? 2 : 1;
                x = x.Block($"conv{stage + 2}_{block + 1}", input => isBottleneck ? Bottleneck(input, channels, stride, stridesFirst) : Basic(input, channels, stride));
            }
        }

        return x.BatchNorm(name: "bn").Relu(name: "relu")
            .GlobalAveragePool(name: "pool").Flatten(name: "flatten").Dense(d.Classes, name: "fc").Build(title);
    }

    private static Value Basic(Value input, int channels, int stride)
    {
        Value x = input.BatchNorm(name: "bn1").Relu(name: "relu1").Convolution(channels, 3, stride, "conv1")
            .BatchNorm(name: "bn2").Relu(name: "relu2").Convolution(channels, 3, 1, "conv2");
        return x.Add(input.Shortcut(ShortcutKind.A, channels, stride, name: "shortcut"), name: "add");
    }

    /// <summary>
    /// The CIFAR networks stride in the first 1x1 convolution, those for ImageNet in the 3x3, as their authors' code does.
    /// </summary>
    private static Value Bottleneck(Value input, int channels, int stride, bool stridesFirst)
    {
        (int first, int second) = stridesFirst ? (stride, 1) : (1, stride);
        Value active = input.BatchNorm(name: "bn1").Relu(name: "relu1");
        Value x = active.Convolution(channels, 1, first, "conv1")
            .BatchNorm(name: "bn2").Relu(name: "relu2").Convolution(channels, 3, second, "conv2")
            .BatchNorm(name: "bn3").Relu(name: "relu3").Convolution(4 * channels, 1, 1, "conv3");
        bool isIdentity = stride == 1 && input.Shape[1].Size == 4 * channels;
        return x.Add(isIdentity ? input : active.Convolution(4 * channels, 1, stride, "shortcut"), name: "add");
    }

    private static Value Convolution(this Value x, int channels, int kernel, int stride, string name) =>
        x.Conv2d(channels, kernel, stride, padding: kernel / 2, bias: false, weightInitializer: Initializer.HeFanOut, name: name);
}
