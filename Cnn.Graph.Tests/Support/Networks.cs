using Cnn.Graph.Ir;

namespace Cnn.Graph.Tests.Support;

/// <summary>Networks that several tests look at.</summary>
internal static class Networks
{
    /// <summary>Every layer of the builder at least once, with branches, blocks and odd names. A new layer belongs in here.</summary>
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
        .MaxPool2d(2, stride: 2).Dropout(0.25).Flatten().Dense(24).LogSoftmax().Reshape([4, 6]).Softmax(axis: 1).Reshape([24])
        .Dense(10, name: "Ausgabe-Schicht").Build("every layer");
}
