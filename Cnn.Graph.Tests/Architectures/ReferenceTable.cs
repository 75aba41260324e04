namespace Cnn.Graph.Tests.Architectures;

/// <summary>Which entry of reference.json holds the figures of which architecture.</summary>
internal static class ReferenceTable
{
    /// <summary>An architecture's id, its entry as family/variant, and the key of its stages within the family where there are several lists.</summary>
    public static IReadOnlyList<(string Id, string Entry, string? Stages)> Covered { get; } =
    [
        // LeNet-5 and small networks
        ("lenet5", "lenet5/lenet5_modern_28_pad2", null),
        ("lenet5-original", "lenet5/lenet5_original", null),
        ("caffe-lenet", "lenet5/caffe_lenet", ""),
        ("mnist-convnet", "seed0_mnist_convnet/with_fc10", null),

        // AlexNet and ZFNet
        ("alexnet-grouped", "alexnet/alexnet_grouped", null),
        ("alexnet-one-tower", "alexnet/alexnet_ungrouped", null),
        ("caffe-alexnet", "alexnet/caffe_bvlc_alexnet", null),
        ("caffenet", "alexnet/caffe_reference_caffenet", null),
        ("alexnet", "alexnet/torchvision_alexnet", ""),
        ("zfnet", "zfnet/zfnet", null),
        ("zfnet-512-1024-512", "zfnet/zfnet_512_1024_512", ""),

        // VGG: B has the stages of A and one convolution more in the first two
        ("vgg11", "vgg/vgg_A", "A"),
        ("vgg-a-lrn", "vgg/vgg_A-LRN", "A"),
        ("vgg13", "vgg/vgg_B", "A"),
        ("vgg-c", "vgg/vgg_C", "C"),
        ("vgg16", "vgg/vgg_D", "D"),
        ("vgg19", "vgg/vgg_E", "E"),
        ("vgg11_bn", "vgg/vgg_A_bn", "A"),
        ("vgg13_bn", "vgg/vgg_B_bn", "A"),
        ("vgg-c-bn", "vgg/vgg_C_bn", "C"),
        ("vgg16_bn", "vgg/vgg_D_bn", "D"),
        ("vgg19_bn", "vgg/vgg_E_bn", "E"),

        // Network in Network, All-CNN, DeepFace
        ("nin-cifar", "nin/nin_cifar10", null),
        ("nin", "nin/nin_imagenet", "stages_imagenet"),
        ("all-cnn-a", "all_cnn_c/all_cnn_a", ""),
        ("all-cnn-b", "all_cnn_c/all_cnn_b", ""),
        ("all-cnn-c", "all_cnn_c/all_cnn_c", null),
        ("base-cnn-c", "all_cnn_c/base_c", ""),
        ("strided-cnn-c", "all_cnn_c/strided_cnn_c", ""),
        ("convpool-cnn-c", "all_cnn_c/convpool_cnn_c", ""),
        ("deepface", "deepface/deepface", null),

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
    ];

    /// <summary>The same network for other classes or inputs: the architecture, what it is built for, and the entry.</summary>
    public static IReadOnlyList<(string Id, int? Classes, int[]? Input, string Entry)> Variants { get; } =
    [
        ("lenet5", null, [1, 32, 32], "lenet5/lenet5_modern"),
        ("alexnet-grouped", null, [3, 224, 224], "alexnet/alexnet_grouped_224_valid_ceil"),
        ("preact-resnet164", 100, null, "resnet_preact/preact_resnet164_cifar100"),
        ("preact-resnet1001", 100, null, "resnet_preact/preact_resnet1001_cifar100"),
    ];

    /// <summary>The same network up to a layer.</summary>
    public static IReadOnlyList<(string Id, string Layer, string Entry)> Parts { get; } =
    [
        ("mnist-convnet", "pool3", "seed0_mnist_convnet/features_only"),
    ];

    /// <summary>Entries that no architecture here is, and why.</summary>
    public static IReadOnlyDictionary<string, string> NotCovered { get; } = new Dictionary<string, string>
    {
        ["lenet5/lenet5_28_no_pad"] = "lenet5 without the frame around pictures of 28x28, a slip that some copies made",
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
        ["tdnn"] = "SmallNetworkTests",
        ["linear"] = "SmallNetworkTests",
        ["mlp"] = "SmallNetworkTests",
        ["vanilla-cnn"] = "SmallNetworkTests",
        ["plain18"] = "has the parameters of resnet18-a",
    };
}
