namespace Cnn.Graph.Tests.Architectures;

/// <summary>Which entry of reference.json holds the figures of which architecture.</summary>
internal static class ReferenceTable
{
    private const string FiguresOfPyTorch = "counted by PyTorch, in CompactNetworkTests";

    /// <summary>
    /// An architecture's id, its entry as family/variant, and the key of its stages within the family where there are several lists.
    /// </summary>
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
        ("googlenet-bvlc", "googlenet/googlenet_bvlc", null),
        ("googlenet-bvlc-aux", "googlenet/googlenet_bvlc_aux", null),
        ("googlenet-bn", "googlenet/googlenet_bn_5x5", null),
        ("googlenet", "googlenet/torchvision_googlenet", null),
        ("googlenet-aux", "googlenet/torchvision_googlenet_aux", null),
        ("bn-inception", "bn_inception/bn_inception_576", "stages_576"),
        ("bn-inception-separable", "bn_inception/bn_inception_576_separable_stem", "stages_576"),
        ("bn-inception-608", "bn_inception/bn_inception_literal", "stages_literal"),

        // Inception-v3, -v4, Inception-ResNet
        ("inception_v3", "inception_v3/inception_v3", null),
        ("inception_v3-aux", "inception_v3/inception_v3_aux", null),
        ("inception-v4", "inception_v4/inception_v4", null),
        ("inception-resnet-v1", "inception_resnet_v1/inception_resnet_v1", null),
        ("inception-resnet-v1-nobias", "inception_resnet_v1/inception_resnet_v1_nobias", null),
        ("inception-resnet-v2", "inception_resnet_v2/released_slim", null),
        ("inception-resnet-v2-paper", "inception_resnet_v2/paper_figures_5_10_5", "stages_paper"),
        ("inception-resnet-v2-paper-10-20-10", "inception_resnet_v2/paper_stem_10_20_10", "stages_paper"),

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

    /// <summary>Figures that an entry counts in another way: what is counted here, and what the entry does instead.</summary>
    public static IReadOnlyDictionary<(string Entry, string Figure), (long Here, string Instead)> CountedOtherwise { get; } =
        new Dictionary<(string, string), (long, string)>
        {
            [("bn_inception/bn_inception_576_separable_stem", "weightLayers")] = (35, "takes the separable convolution for one layer"),
            [("inception_v3/inception_v3_aux", "macs")] = (5_713_216_096 + 5_683_200, "leaves the auxiliary classifier out"),
        };

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
        ["googlenet/googlenet_no_bias"] = "a count for comparison, googlenet-bvlc less its biases; nobody published that network",
        ["googlenet/slim_inception_v1_base"] = "googlenet without its classifier and scales, and statistics counted as parameters",
        ["bn_inception/cadene_bninception"] = "bn-inception-608 with superfluous biases",
        ["bn_inception/slim_inception_v2_base"] = "bn-inception-separable without its classifier and scales, and statistics counted as parameters",
        ["inception_v3/keras_inception_v3"] = "inception_v3 without scales, and statistics counted as parameters",
        ["inception_v3/slim_base"] = "inception_v3 without its classifier and scales, and statistics counted as parameters",
        ["inception_resnet_v2/keras"] = "inception-resnet-v2 without scales, and statistics counted as parameters",
    };

    /// <summary>Architectures without an entry, and where else their figures are tested.</summary>
    public static IReadOnlyDictionary<string, string> WithoutEntry { get; } = new Dictionary<string, string>
    {
        ["tdnn"] = "SmallNetworkTests",
        ["linear"] = "SmallNetworkTests",
        ["mlp"] = "SmallNetworkTests",
        ["vanilla-cnn"] = "SmallNetworkTests",
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
