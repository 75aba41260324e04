using Cnn.Graph.Ir;

namespace Cnn.Graph.Tests.Support;

/// <summary>Networks that several tests look at.</summary>
internal static class Networks
{
    /// <summary>
    /// Every layer of the builder at least once, with branches, blocks and odd names. A new layer belongs in here. The scores start small:
    /// a network that is wildly wrong takes steps in which devices part by more than their last digits.
    /// </summary>
    public static Network EveryLayer() => Network.Input("image", 3, 16, 16)
        .Conv2d(8, kernel: 3, padding: Padding.Same, bias: false, name: "stem").LeakyRelu(0.1f).MaxPool2d(3, stride: 2, padding: 1)
        .Block("mixed", x =>
        {
            Value left = x.Conv2d(4, kernel: 1, name: "1x1").Relu();
            Value right = x.Conv2d(4, kernel: 3, padding: 2, dilation: 2, groups: 2, name: "3x3/dilated").Sigmoid();
            return left.Concat(right, x.AveragePool2d(3, stride: 1, padding: 1));
        })
        .Block("gate", x => x.Multiply(x.Conv2d(16, kernel: (1, 3), padding: Padding.Of(0, 1, 0, 1)).Sigmoid()))
        .Block("residual", x => x.Add(x.Conv2d(16, kernel: 3, padding: 1).Tanh()))
        .Block("bounded", x => x.Maximum(x.Conv2d(16, kernel: 1)).Minimum(x.Conv2d(16, kernel: 1)))
        .Block("centred", x => x.Add(x.Mean([2, 3], keepDims: true).Add(0.001 * x.Sum([1, 2, 3], keepDims: true))))
        .Block("signal", x => x.Reshape([16, 64]).Conv1d(16, kernel: 3, padding: 1).Reshape([16, 8, 8]))
        .Block("volume", x => x.Reshape([4, 4, 8, 8]).Conv3d(4, kernel: 3, padding: 1).Reshape([16, 8, 8]))
        .Block("smoothed signal", x => x.Add(x.Reshape([16, 64]).MaxPool1d(3, 1, 1).AveragePool1d(3, 1, 1).Reshape([16, 8, 8])))
        .Block("smoothed volume", x => x.Add(x.Reshape([4, 4, 8, 8]).MaxPool3d(3, 1, 1).AveragePool3d(3, 1, 1).Reshape([16, 8, 8])))
        .Block("squeezed", x => x.Multiply(x.GlobalAveragePool().Add(x.GlobalMaxPool()).Sigmoid()).SpatialDropout(0.125))
        .Block("pooled", x =>
        {
            Value small = x.L2Pool2d(2).Add(x.DistanceWeightedPool2d(2)).Add(x.MedianPool2d(2))
                .Add(x.Sigmoid().StochasticPool2d(2)).Add(x.TrainableSubsampling2d(2));
            Value large = small.LocallyConnected2d(16, kernel: 3, padding: 1).Unfold2d(1).Fold2d(picture: 8, kernel: 2, stride: 2);
            return x.Add(large.Concat(large, large, large).Tanh());
        })
        .Block("inception", x => x.Add(x.InceptionNaive(4, 4, 4).Inception(4, 2, 4, 2, 4, 4, normalize: y => y.BatchNorm()).AdaptiveAveragePool2d(3).Resize2d(8)))
        .Block("bent", x => x.PRelu().Elu().Add(x.Gelu().Silu().Relu6()).ScaledTanh())
        .Block("computed", x => x.Multiply((1 + x.Square()).Sqrt().Log().Exp().Pow(-0.5).Abs()).Add(0.1 * x.StopGradient()))
        .Block("normalised", x => x.BatchNorm().LocalResponseNorm(size: 3).Add(x.InstanceNorm()).Add(x.GroupNorm(groups: 4)).LocalResponseNorm(size: 4))
        .Block("kernels", Kernels).Block("shapes", Shapes).Block("ways", Ways)
        .MaxPool2d(2, stride: 2).Dropout(0.25).Flatten().Dense(24).LayerNorm().LogSoftmax().Reshape([4, 6]).Softmax(axis: 1).Reshape([24])
        .Dense(12, name: "Ausgabe-Schicht").Tanh().RbfOutput(10, Initializer.Gaussian(0.3)).Build("every layer");

    /// <summary>Variants of the convolution; [N, 16, 8, 8] before and after.</summary>
    private static Value Kernels(Value x)
    {
        int[][] connections = [.. Enumerable.Range(0, 16).Select(map => new[] { map, (map + 1) % 16, (map + 5) % 16 })];
        Value y = x.DepthwiseConv2d(3, padding: 1).SeparableConv2d(16, kernel: 3, padding: 1).FactorizedConv2d(16, kernel: 3, padding: 1)
            .TrueConv2d(16, kernel: 3, padding: 1).PartialConv2d(connections, kernel: 3, padding: 1);
        Value sampled = y.ConvTranspose2d(4, kernel: 2, stride: 2).Conv2d(16, kernel: 2, stride: 2);
        Value signal = y.Reshape([16, 64]).ConvTranspose1d(16, kernel: 3, padding: 1).Reshape([16, 8, 8]);
        Value volume = y.Reshape([4, 4, 8, 8]).ConvTranspose3d(4, kernel: 3, padding: 1).Reshape([16, 8, 8]);
        return sampled.Average(signal, volume).Multiply(y.DenseAsConv2d(16).Sigmoid());
    }

    /// <summary>Cut, bordered, turned and resized pictures; [N, 16, 8, 8] before and after.</summary>
    private static Value Shapes(Value x)
    {
        Value bordered = x.Pad2d(2, PadMode.Reflect).Crop2d(1, 1, 1, 1).Pad2d(1, PadMode.Edge).CenterCrop2d((10, 8)).Pad2d((0, 1));
        Value cut = bordered.Slice(2, 1, -1).Slice(3, 1, -1), large = cut.Upsample2d(2).Slice(2, 0, step: 2).Slice(3, 1, step: 2);
        Value resized = large.Average(cut.Resize2d((5, 12)).Resize2d(8, ResizeMode.Nearest));
        Value turned = resized.ToChannelsLast().Flip([1, 2]).ToChannelsFirst().Transpose([0, 1, 3, 2]);
        return turned.Split(1, [4, 12]) is [var few, var many] ? many.Concat(few) : turned;
    }

    /// <summary>Ways around layers and the same layers twice; [N, 16, 8, 8] before and after.</summary>
    private static Value Ways(Value x)
    {
        Value y = x.Conv2d(24, kernel: 3, stride: 2, padding: 1).Add(x.Shortcut(ShortcutKind.A, 24, stride: 2)).Tanh();
        Value z = y.ConvTranspose2d(16, kernel: 2, stride: 2).Add(x.Shortcut(ShortcutKind.C, 16));
        Value once = z.Conv2d(16, kernel: 3, padding: 1).Tanh().Dropout(0.25);
        return once.Reuse(z, once).Add(once.GramMatrix(GramNormalization.Elements).Mean([2], keepDims: true).Reshape([16, 1, 1]));
    }
}
