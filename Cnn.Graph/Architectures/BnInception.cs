using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The Inception network of the paper on batch normalization (Ioffe and Szegedy, 2015, figure 5): GoogLeNet with two 3x3 convolutions in
/// place of each 5x5, one module more at 28x28, mean pooling inside the modules, and modules that stride instead of poolings between them.
/// <para>
/// The rows 4c and 4d of the figure add up to 608 channels, but it prints 576. Taken literally (<c>-608</c>) it is the network of the Caffe
/// models; with a pool projection of 96 instead of 128 it is TensorFlow's "Inception v2". The first layer is a plain 7x7 convolution,
/// or (<c>-separable</c>) a separable one with eight kernels for each color, as the paper's text says.
/// </para>
/// </summary>
public static class BnInception
{
    /// <summary>The readings of the figure.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("bn-inception", "BN-Inception", new()),
        Of("bn-inception-separable", "BN-Inception with separable stem", new(HasSeparableStem: true)),
        Of("bn-inception-608", "BN-Inception, figure taken literally", new(IsLiteral: true)),
    ];

    /// <summary>The literal reading is that of Caffe, whose paddings and epsilon it takes; the other is TensorFlow's.</summary>
    /// <param name="IsLiteral">Whether 4c and 4d have the pool projection that the figure prints.</param>
    /// <param name="HasSeparableStem">Whether the first convolution is separable.</param>
    private sealed record Plan(bool IsLiteral = false, bool HasSeparableStem = false)
    {
        public double Epsilon => IsLiteral ? 1e-5 : 1e-3;

        public RectifiedConvolution Convolution => new(Normalize);

        public Value Normalize(Value x) => x.BatchNorm(Epsilon, name: "bn");

        /// <summary>
        /// Around a window that strides: as much before as behind it in Caffe, little and rather behind it in TensorFlow.
        /// </summary>
        public Padding Around(int kernel) => IsLiteral ? kernel / 2 : Padding.Same;

        public Value Shrink(Value x, string name) => IsLiteral
            ? x.MaxPool2d(3, stride: 2, ceil: true, name: name)
            : x.MaxPool2d(3, stride: 2, Padding.Same, name: name);
    }

    /// <summary>
    /// The network "x30": thirty times GoogLeNet's learning rate, which falls six times as fast, and a fifth of its weight decay.
    /// </summary>
    private static Architecture Of(string id, string title, Plan plan) =>
        new(id, title, 2015, "Ioffe & Szegedy, arXiv:1502.03167", [3, 224, 224], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.045, momentum: 0.9, weightDecay: 4e-5) with { Groups = ParameterGroups.DecayOfWeightsOnly },
                Schedule = Schedules.Accelerated(6, Schedules.Step(epochs: 8, factor: 0.96)),
                BatchSize = 32,
                Epochs = 150,
            },
        };

    private static Network Create(Design d, string title, Plan plan)
    {
        int late = plan.IsLiteral ? 128 : 96;
        Value x = Stem(d, plan);
        x = x.Module("3a", d, plan, 64, (64, 64), (64, 96), 32);
        x = x.Module("3b", d, plan, 64, (64, 96), (64, 96), 64);
        x = x.Reduction("3c", d, plan, (128, 160), (64, 96));
        x = x.Module("4a", d, plan, 224, (64, 96), (96, 128), 128);
        x = x.Module("4b", d, plan, 192, (96, 128), (96, 128), 128);
        x = x.Module("4c", d, plan, 160, (128, 160), (128, 160), late);
        x = x.Module("4d", d, plan, 96, (128, 192), (160, 192), late);
        x = x.Reduction("4e", d, plan, (128, 192), (192, 256));
        x = x.Module("5a", d, plan, 352, (192, 320), (160, 224), 128);
        x = x.Module("5b", d, plan, 352, (192, 320), (192, 224), 128, isMaximum: true);
        return x.GlobalAveragePool(name: "pool5").Flatten(name: "flatten").Dense(d.Classes, name: "fc").Build(title);
    }

    private static Value Stem(Design d, Plan plan)
    {
        RectifiedConvolution conv = plan.Convolution;
        Value x = plan.HasSeparableStem
            ? d.Image().Block("conv1", x => x
                .SeparableConv2d(d.Channels(64), kernel: 7, multiplier: 8, stride: 2, padding: plan.Around(7), bias: false, name: "7x7_s2")
                .Block("7x7_s2", plan.Normalize).Relu(name: "relu_7x7_s2"))
            : d.Image().Block("conv1", x => conv.Of(x, d.Channels(64), 7, "7x7_s2", stride: 2, plan.Around(7)));
        x = plan.Shrink(x, "pool1");
        x = x.Block("conv2", y => conv.Of(conv.Of(y, d.Channels(64), 1, "3x3_reduce"), d.Channels(192), 3, "3x3"));
        return plan.Shrink(x, "pool2");
    }

    /// <summary>A row of the figure: 1x1; 1x1 and 3x3; 1x1 and two of 3x3; pooling and 1x1.</summary>
    private static Value Module(
        this Value input,
        string name,
        Design d,
        Plan plan,
        int conv1x1,
        (int Reduce, int Conv) conv3x3,
        (int Reduce, int Conv) double3x3,
        int projection,
        bool isMaximum = false) => input.Block($"inception_{name}", x =>
        {
            RectifiedConvolution conv = plan.Convolution;
            Value pool = isMaximum
                ? x.MaxPool2d(3, stride: 1, padding: 1, name: "pool")
                : x.AveragePool2d(3, stride: 1, padding: 1, countPadding: plan.IsLiteral, name: "pool");
            return conv.Of(x, d.Channels(conv1x1), 1, "1x1").Concat(
                [x.Single(d, plan, conv3x3, 1), x.Double(d, plan, double3x3, 1), conv.Of(pool, d.Channels(projection), 1, "pool_proj")],
                name: "output");
        });

    /// <summary>A row that strides: 1x1 and 3x3; 1x1 and two of 3x3; pooling that passes all channels on.</summary>
    private static Value Reduction(
        this Value input, string name, Design d, Plan plan, (int Reduce, int Conv) conv3x3, (int Reduce, int Conv) double3x3) =>
        input.Block($"inception_{name}", x => x.Single(d, plan, conv3x3, 2).Concat([x.Double(d, plan, double3x3, 2), plan.Shrink(x, "pool")], name: "output"));

    private static Value Single(this Value x, Design d, Plan plan, (int Reduce, int Conv) channels, int stride)
    {
        Value reduced = plan.Convolution.Of(x, d.Channels(channels.Reduce), 1, "3x3_reduce");
        return plan.Convolution.Of(reduced, d.Channels(channels.Conv), 3, "3x3", stride, plan.Around(3));
    }

    private static Value Double(this Value x, Design d, Plan plan, (int Reduce, int Conv) channels, int stride)
    {
        Value reduced = plan.Convolution.Of(x, d.Channels(channels.Reduce), 1, "double_3x3_reduce");
        Value once = plan.Convolution.Of(reduced, d.Channels(channels.Conv), 3, "double_3x3_1");
        return plan.Convolution.Of(once, d.Channels(channels.Conv), 3, "double_3x3_2", stride, plan.Around(3));
    }
}
