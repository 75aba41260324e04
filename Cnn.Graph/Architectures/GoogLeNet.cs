using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// GoogLeNet (Szegedy et al., "Going deeper with convolutions", 2014, table 1): nine Inception modules, a mean over each map instead of
/// wide dense layers, and two auxiliary classifiers that bring the gradient to the middle of the network. Layers are called as in
/// Caffe's model, after the paper.
/// </summary>
public static class GoogLeNet
{
    /// <summary>
    /// The paper's network as the authors of Caffe built it (<c>-bvlc</c>), the same with batch normalization (<c>-bn</c>), and
    /// torchvision's, which has batch normalization and 3x3 kernels in place of 5x5. An id that ends in <c>-aux</c> has the auxiliary
    /// classifiers as further outputs; all else is called alike, so that its weights fit the network without them.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("googlenet-bvlc", "GoogLeNet", 2014, new()),
        Of("googlenet-bvlc-aux", "GoogLeNet with auxiliary classifiers", 2014, new(HasHeads: true)),
        Of("googlenet-bn", "GoogLeNet with batch normalization", 2015, new(IsNormalized: true)),
        Of("googlenet", "GoogLeNet of torchvision", 2015, new(IsNormalized: true, IsTorchvision: true)),
        Of("googlenet-aux", "GoogLeNet of torchvision with auxiliary classifiers", 2015, new(IsNormalized: true, IsTorchvision: true, HasHeads: true)),
    ];

    /// <param name="IsNormalized">
    /// Whether convolutions have batch normalization in place of biases, and local response normalization goes.
    /// </param>
    /// <param name="IsTorchvision">Whether kernels, pooling and dropout are torchvision's where they differ from the paper's.</param>
    /// <param name="HasHeads">Whether there are auxiliary classifiers.</param>
    private sealed record Plan(bool IsNormalized = false, bool IsTorchvision = false, bool HasHeads = false)
    {
        public Func<Value, Value>? Normalize => IsNormalized ? x => x.BatchNorm(epsilon: 1e-3, name: "bn") : null;

        /// <summary>Caffe's "xavier", uniform with variance 1 / fan-in.</summary>
        public Initializer? Weights => IsNormalized ? null : Initializer.VarianceScaling(1, isUniform: true);

        public Initializer? Biases => IsNormalized ? null : Initializer.Constant(0.2);

        public RectifiedConvolution Convolution => new(Normalize, Weights, Biases);
    }

    private static Architecture Of(string id, string title, int year, Plan plan) =>
        new(id, title, year, "Szegedy et al., arXiv:1409.4842", [3, 224, 224], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            TorchModules = plan.IsTorchvision ? _ => TorchModule : null,
            Recipe = new Recipe
            {
                Loss = plan.HasHeads
                    ? Loss.Weighted((1, Loss.SoftmaxCrossEntropy()), (0.3, Loss.SoftmaxCrossEntropy()), (0.3, Loss.SoftmaxCrossEntropy()))
                    : Loss.SoftmaxCrossEntropy(),
                // The paper tells momentum and schedule, Caffe's model the rest; it took 10 million steps.
                Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 2e-4, MomentumForm.Classical) with
                {
                    Groups = plan.IsNormalized ? ParameterGroups.DecayOfWeightsOnly : new(ParameterGroup.BiasesAsInAlexNet),
                },
                Schedule = Schedules.Step(epochs: 8, factor: 0.96),
                BatchSize = 32,
                Epochs = 250,
            },
        };

    /// <summary><c>inception_3a/3x3_reduce/bn</c> is <c>inception3a.branch2.0.bn</c>.</summary>
    private static string TorchModule(string layer)
    {
        if (layer == "loss3/classifier")
        {
            return "fc";
        }

        string[] path = layer.Split('/');
        if (path[0].StartsWith("loss", StringComparison.Ordinal) && path[1] != "conv")
        {
            return $"aux{path[0][^1]}.{(path[1] == "fc" ? "fc1" : "fc2")}";
        }

        string unit = (path[0], path[1]) switch
        {
            ("conv1", _) => "conv1",
            ("conv2", "3x3_reduce") => "conv2",
            ("conv2", _) => "conv3",
            (['l', ..], _) => $"aux{path[0][^1]}.conv",
            (_, "1x1") => "branch1",
            (_, "3x3_reduce") => "branch2.0",
            (_, "3x3") => "branch2.1",
            (_, "5x5_reduce") => "branch3.0",
            (_, "5x5") => "branch3.1",
            _ => "branch4.1",
        };
        string block = path[0].StartsWith("inception_", StringComparison.Ordinal) ? $"inception{path[0][^2..]}." : string.Empty;
        return $"{block}{unit}.{(path is [_, _, "bn"] ? "bn" : "conv")}";
    }

    private static Network Create(Design d, string title, Plan plan)
    {
        Value x = Stem(d, plan);
        x = x.Module("3a", d, plan, 64, 96, 128, 16, 32, 32);
        x = x.Module("3b", d, plan, 128, 128, 192, 32, 96, 64).Shrink("pool3");
        Value x4a = x = x.Module("4a", d, plan, 192, 96, 208, 16, 48, 64);
        x = x.Module("4b", d, plan, 160, 112, 224, 24, 64, 64);
        x = x.Module("4c", d, plan, 128, 128, 256, 24, 64, 64);
        Value x4d = x = x.Module("4d", d, plan, 112, 144, 288, 32, 64, 64);
        x = x.Module("4e", d, plan, 256, 160, 320, 32, 128, 128).Shrink("pool4", plan.IsTorchvision ? 2 : 3);
        x = x.Module("5a", d, plan, 256, 160, 320, 32, 128, 128);
        x = x.Module("5b", d, plan, 384, 192, 384, 48, 128, 128);
        Value scores = x.GlobalAveragePool(name: "pool5").Flatten(name: "flatten").Dropout(plan.IsTorchvision ? 0.2 : 0.4, name: "drop")
            .Dense(d.Classes, weightInitializer: plan.Weights, name: "loss3/classifier");
        return NetworkBuilder.Build(plan.HasHeads ? [scores, Head(x4a, "loss1", d, plan), Head(x4d, "loss2", d, plan)] : [scores], title);
    }

    private static Value Stem(Design d, Plan plan)
    {
        RectifiedConvolution conv = plan.Convolution;
        Value x = d.Image().Block("conv1", x => conv.Of(x, d.Channels(64), 7, "7x7_s2", stride: 2, padding: 3)).Shrink("pool1");
        x = plan.IsNormalized ? x : x.LocalResponseNorm(name: "norm1");
        x = x.Block("conv2", y => conv.Of(conv.Of(y, d.Channels(64), 1, "3x3_reduce"), d.Channels(192), 3, "3x3"));
        x = plan.IsNormalized ? x : x.LocalResponseNorm(name: "norm2");
        return x.Shrink("pool2");
    }

    /// <summary>A row of table 1.</summary>
    private static Value Module(
        this Value x, string name, Design d, Plan plan, int conv1x1, int reduce3x3, int conv3x3, int reduce5x5, int conv5x5, int pool) => x.Inception(
            d.Channels(conv1x1), d.Channels(reduce3x3), d.Channels(conv3x3), d.Channels(reduce5x5), d.Channels(conv5x5), d.Channels(pool),
            largeKernel: plan.IsTorchvision ? 3 : 5, plan.Normalize, plan.Weights, plan.Biases, $"inception_{name}");

    /// <summary>Half the size, rounded up: 112, 56, 28, 14, 7.</summary>
    private static Value Shrink(this Value x, string name, int kernel = 3) => x.MaxPool2d(kernel, stride: 2, ceil: true, name: name);

    /// <summary>An auxiliary classifier: 5x5 means with stride 3 (torchvision: a grid of 4x4), 1x1, dense, dense.</summary>
    private static Value Head(Value input, string name, Design d, Plan plan) => input.Block(name, x =>
    {
        Value pooled = plan.IsTorchvision ? x.AdaptiveAveragePool2d(4, name: "ave_pool") : x.AveragePool2d(5, stride: 3, ceil: true, name: "ave_pool");
        return plan.Convolution.Of(pooled, d.Channels(128), 1, "conv")
            .Flatten(name: "flatten").Dense(d.Channels(1024), weightInitializer: plan.Weights, biasInitializer: plan.Biases, name: "fc").Relu(name: "relu_fc")
            .Dropout(0.7, name: "drop_fc").Dense(d.Classes, weightInitializer: plan.Weights, name: "classifier");
    });
}
