namespace Cnn.Graph.Tests.Architectures;

/// <summary>Which entry of reference.json holds the figures of which architecture.</summary>
internal static class ReferenceTable
{
    private const string FiguresOfPyTorch = "counted by PyTorch, in CompactNetworkTests";

    /// <summary>An architecture's id, its entry as family/variant, and the key of its stages within the family where there are several lists.</summary>
    public static IReadOnlyList<(string Id, string Entry, string? Stages)> Covered { get; } =
    [
        // LeNet-5 and small networks
        ("lenet5", "lenet5/lenet5_modern_28_pad2", null),

        // AlexNet and ZFNet

        // VGG

        // Network in Network, All-CNN, DeepFace

        // GoogLeNet and BN-Inception

        // Inception-v3, -v4, Inception-ResNet

        // ResNet
        ("resnet18", "resnet/resnet18", "18"),
        ("resnet34", "resnet/resnet34", "34"),
        ("resnet50", "resnet/resnet50_v1.5", "50"),
        ("resnet101", "resnet/resnet101_v1.5", "101"),
        ("resnet152", "resnet/resnet152_v1.5", "152"),
        ("resnet50-v1", "resnet/resnet50", "50"),
        ("resnet101-v1", "resnet/resnet101", "101"),
        ("resnet152-v1", "resnet/resnet152", "152"),
        ("resnet18-a", "resnet/resnet18_A", "18"),
        ("resnet34-a", "resnet/resnet34_A", "34"),
        ("resnet34-c", "resnet/resnet34_C", "34"),
        ("plain34", "resnet/plain34", "34"),
        .. from depth in new[] { 20, 32, 44, 56, 110, 1202 }
           from shortcut in new[] { ("", ""), ("-b", "_B") }
           select ($"resnet{depth}-cifar{shortcut.Item1}", $"resnet_cifar/resnet{depth}_cifar{shortcut.Item2}", (string?)null),
        ("plain20-cifar", "resnet_cifar/plain20_cifar", null),
        ("plain56-cifar", "resnet_cifar/plain56_cifar", null),
        ("preact-resnet110", "resnet_preact/preact_resnet110_basic", ""),
        ("preact-resnet164", "resnet_preact/preact_resnet164_cifar10", null),
        ("preact-resnet1001", "resnet_preact/preact_resnet1001_cifar10", null),
        ("resnet50-v2", "resnet_preact/resnet50_v2", ""),
        ("resnet101-v2", "resnet_preact/resnet101_v2", ""),
        ("resnet152-v2", "resnet_preact/resnet152_v2", ""),
        ("resnet200-v2", "resnet_preact/resnet200_v2", ""),

        // NASNet, AmoebaNet, deep image prior
        ("nasnet-mobile", "nasnet_a/nasnet_mobile", "stages_mobile"),
        ("nasnet-large", "nasnet_a/nasnet_large", "stages_large"),
        ("deep-image-prior", "deep_image_prior_skip/denoising_sr_default", ""),
        ("deep-image-prior-hole", "deep_image_prior_skip/inpaint_large_hole_meshgrid_noskip", ""),
        ("deep-image-prior-text", "deep_image_prior_skip/inpaint_text_kate", ""),
        ("deep-image-prior-small", "deep_image_prior_skip/snail_denoise", ""),
    ];

    /// <summary>The same network for other classes or inputs: the architecture, what it is built for, and the entry.</summary>
    public static IReadOnlyList<(string Id, int? Classes, int[]? Input, string Entry)> Variants { get; } =
    [
        ("preact-resnet164", 100, null, "resnet_preact/preact_resnet164_cifar100"),
        ("preact-resnet1001", 100, null, "resnet_preact/preact_resnet1001_cifar100"),
    ];

    /// <summary>Entries that no architecture here is, and why.</summary>
    public static IReadOnlyDictionary<string, string> NotCovered { get; } = new Dictionary<string, string>
    {
        ["resnet/caffe_resnet50"] = "resnet50-v1 with a superfluous bias in conv1",
        ["resnet/keras_resnet50"] = "resnet50-v1 with superfluous biases, and statistics counted as parameters",
        ["resnet_preact/resnet164_original_bottleneck"] = "the original form of 164 layers, which only the comparison in the paper uses",
        ["resnet_preact/resnet50_v2_keras"] = "strides at the end of stages and has biases, unlike the paper",
        ["resnet_preact/resnet101_v2_keras"] = "strides at the end of stages and has biases, unlike the paper",
        ["resnet_preact/resnet152_v2_keras"] = "strides at the end of stages and has biases, unlike the paper",
    };

    /// <summary>Architectures without an entry, and where else their figures are tested.</summary>
    public static IReadOnlyDictionary<string, string> WithoutEntry { get; } = new Dictionary<string, string>
    {
        ["plain18"] = "has the parameters of resnet18-a",

        // SqueezeNet, DenseNet, MobileNet, DCGAN, NASNet, AmoebaNet
        ["squeezenet1_0"] = FiguresOfPyTorch,
        ["squeezenet1_1"] = FiguresOfPyTorch,
        ["densenet121"] = FiguresOfPyTorch,
        ["densenet169"] = FiguresOfPyTorch,
        ["densenet201"] = FiguresOfPyTorch,
        ["densenet161"] = FiguresOfPyTorch,
        ["mobilenet-v1"] = FiguresOfPyTorch,
        ["mobilenet_v2"] = FiguresOfPyTorch,
        ["dcgan-generator"] = FiguresOfPyTorch,
        ["dcgan-discriminator"] = FiguresOfPyTorch,
        ["nasnet-mobile-aux"] = "nasnet-mobile and nasnet-large with a head, in SearchedNetworkTests",
        ["nasnet-large-aux"] = "nasnet-mobile and nasnet-large with a head, in SearchedNetworkTests",
        ["amoebanet-a"] = "the paper's rounded figures, in SearchedNetworkTests",
        ["amoebanet-a-448"] = "the paper's rounded figures, in SearchedNetworkTests",
    };
}
