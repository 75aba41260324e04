using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures.Inception;

/// <summary>What the later Inception networks are made of. All channels go through <see cref="Design.Channels"/> here.</summary>
internal static class InceptionUnits
{
    /// <summary>
    /// A convolution without biases, batch normalization and a rectifier, in a block. It keeps the size unless it strides: then it has no
    /// padding, as where the figures are marked "V".
    /// </summary>
    public static Value Unit(this Value x, Design d, string name, int channels, Size2 kernel, int stride = 1, Padding? padding = null) =>
        x.Block(name, y => y
            .Conv2d(d.Channels(channels), kernel, stride, padding ?? (stride == 1 ? Padding.Same : Padding.Valid), bias: false, name: "conv")
            .BatchNorm(epsilon: 1e-3, name: "bn").Relu(name: "relu"));

    /// <summary>Convolutions one behind the other, called by their number where there are several.</summary>
    public static Value Branch(this Value x, Design d, string name, params (int Channels, Size2 Kernel)[] units) => Chain(x, d, name, units, 1);

    /// <summary>The same, the last convolution with stride 2 and no padding.</summary>
    public static Value Reduction(this Value x, Design d, string name, params (int Channels, Size2 Kernel)[] units) => Chain(x, d, name, units, 2);

    /// <summary>A 1x3 and a 3x1 convolution side by side.</summary>
    public static Value Fork(this Value x, Design d, string name, int channels) =>
        x.Unit(d, $"{name}a", channels, (1, 3)).Concat([x.Unit(d, $"{name}b", channels, (3, 1))], name: name);

    /// <summary>Max pooling of 3x3 with stride 2 and no padding.</summary>
    public static Value Shrink(this Value x, string name = "pool") => x.MaxPool2d(3, stride: 2, name: name);

    /// <summary>Mean pooling of 3x3 that keeps the size; torchvision counts the zeros around the picture, TensorFlow does not.</summary>
    public static Value Means(this Value x, bool countPadding = false) =>
        x.AveragePool2d(3, stride: 1, padding: 1, countPadding, name: "pool");

    /// <summary>Branches side by side.</summary>
    public static Value Join(params Value[] branches) => branches[0].Concat(branches[1..], name: "output");

    /// <summary>The mean of each map, dropout and the classifier.</summary>
    public static Value Classifier(this Value x, Design d, double dropout) =>
        x.GlobalAveragePool(name: "avgpool").Flatten(name: "flatten").Dropout(dropout, name: "dropout").Dense(d.Classes, name: "fc");

    /// <summary>
    /// How these networks were trained: TensorFlow's RMSProp with epsilon 1, the rate times 0.94 after every two epochs, smoothed labels,
    /// and running averages of the parameters to answer with. Momentum, weight decay and the averages' decay are the released programs'.
    /// </summary>
    /// <param name="headWeights">What the auxiliary classifiers count in the loss.</param>
    public static Recipe Recipe(params IEnumerable<double> headWeights)
    {
        Loss loss = Loss.SoftmaxCrossEntropy(labelSmoothing: 0.1);
        double[] heads = [.. headWeights];
        return new Recipe
        {
            Loss = heads.Length == 0 ? loss : Loss.Weighted([(1, loss), .. heads.Select(weight => (weight, loss))]),
            Optimizer = Optimizer.RmsProp(learningRate: 0.045, decay: 0.9, epsilon: 1, momentum: 0.9, weightDecay: 4e-5, tensorFlow: true) with
            {
                Groups = ParameterGroups.DecayOfWeightsOnly,
                AveragingDecay = 0.9999,
            },
            Schedule = Schedules.Step(epochs: 2, factor: 0.94),
            BatchSize = 32,
            Epochs = 100,
        };
    }

    private static Value Chain(Value x, Design d, string name, (int Channels, Size2 Kernel)[] units, int lastStride)
    {
        for (int i = 0; i < units.Length; i++)
        {
            x = x.Unit(d, units.Length == 1 ? name : $"{name}_{i + 1}", units[i].Channels, units[i].Kernel, i == units.Length - 1 ? lastStride : 1);
        }

        return x;
    }
}
