using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>
/// The dialect that every execution provider understands: ai.onnx operators only, and of these only forms that run on CPU, DirectML
/// and WebGPU alike (no scatter with addition, no cast to bool, no random operators).
/// </summary>
internal static class PortableDialect
{
    public static Dialect Instance { get; } = new("portable", new Dictionary<Type, Dialect.Rule>
    {
        [typeof(Dropout)] = (n, x) => DropoutInUse((Dropout)n.Op, x[0]), // for training it was replaced by a mask before
        [typeof(StopGradient)] = (_, x) => x[0],
        [typeof(Relu6)] = (_, x) => SmallForms.Between(x[0], 0, 6),
        [typeof(Gelu)] = (n, x) => 0.5 * (x[0] * ((Gelu)n.Op).Gate(x[0])),
        [typeof(Silu)] = (_, x) => x[0] * x[0].Sigmoid(),
        [typeof(ScaledTanh)] = (n, x) => (double)((ScaledTanh)n.Op).Amplitude * ((double)((ScaledTanh)n.Op).Slope * x[0]).Tanh(),
        [typeof(LogSoftmax)] = (n, x) => LogSoftmaxOf(x[0], Axes.Normalize(((LogSoftmax)n.Op).Axis, n.Output.Shape.Rank)),
        [typeof(LocalResponseNorm)] = (n, x) => NormalizationForms.BetweenChannels((LocalResponseNorm)n.Op, x[0]),
        [typeof(LayerNorm)] = (n, x) => NormalizationForms.WithinSamples((SampleNormalization)n.Op, x[0], x[1], x[2]),
        [typeof(GroupNorm)] = (n, x) => NormalizationForms.WithinSamples((SampleNormalization)n.Op, x[0], x[1], x[2]),
        [typeof(RadialBasis)] = (_, x) => SmallForms.NegativeSquaredDistance(x[0], x[1]),
        [typeof(PositiveMask)] = (_, x) => SmallForms.PositiveMask(x[0]),
        [typeof(BroadcastLike)] = (_, x) => SmallForms.Broadcast(x[0], x[1]),
        [typeof(ElementCount)] = (n, x) => SmallForms.Count(x[0], ((ElementCount)n.Op).CountedAxes),
        [typeof(SliceGradient)] = (n, x) => SmallForms.PutBack((SliceGradient)n.Op, x[0]),
        [typeof(Rearrange)] = (n, x) => SmallForms.Rearranged((Rearrange)n.Op, x[0]),
        [typeof(Flip)] = (n, x) => SmallForms.Flipped((Flip)n.Op, x[0]),
        [typeof(Resize)] = (n, x) => ResizeForms.Of((Resize)n.Op, x[0]),
        [typeof(ConvTranspose)] = (n, x) => ConvolutionForms.OfSignals((ConvTranspose)n.Op, x),
        [typeof(ConvInputGradient)] = (n, x) => ConvolutionForms.InputGradient((ConvInputGradient)n.Op, x[0], x[1]),
        [typeof(ConvWeightGradient)] = (n, x) => ConvolutionForms.WeightGradient((ConvWeightGradient)n.Op, x[0], x[1]),
        [typeof(MaxPool)] = (n, x) => PoolingForms.BehindBorder((Pool)n.Op, x[0]),
        [typeof(AveragePool)] = (n, x) => PoolingForms.BehindBorder((Pool)n.Op, x[0]),
        [typeof(MaxPoolGradient)] = (n, x) => PoolingForms.MaxGradient(((MaxPoolGradient)n.Op).Window, x[0], x[1], x[2]),
        [typeof(AveragePoolGradient)] = (n, x) => PoolingForms.AverageGradient((AveragePoolGradient)n.Op, x[0]),
        [typeof(L2Pool)] = (n, x) => PoolingForms.L2((L2Pool)n.Op, x[0]),
        [typeof(DistanceWeightedPool)] = (n, x) => PoolingForms.DistanceWeighted((DistanceWeightedPool)n.Op, x[0]),
        [typeof(RankPool)] = (n, x) => RankForms.Ranked((RankPool)n.Op, x[0], n.Output.Shape),
        [typeof(StochasticPool)] = (n, x) =>
            StochasticForms.Forward(((StochasticPool)n.Op).Window, x[0], x.ElementAtOrDefault(1), n.Output.Shape),
        [typeof(StochasticPoolGradient)] = (n, x) =>
            StochasticForms.Gradient(((StochasticPoolGradient)n.Op).Pool.Window, x[0], x[1], x[2], x.ElementAtOrDefault(3)),
        [typeof(Unfold)] = (n, x) => Columns.Of(x[0], ((Unfold)n.Op).Window).ReshapeTo(n.Output.Shape),
        [typeof(Fold)] = (n, x) => Columns.Fold((Fold)n.Op, x[0], n.Output.Shape),
        [typeof(LocallyConnected)] = (n, x) => LocallyConnectedForms.Forward((LocallyConnected)n.Op, x, n.Output.Shape),
    });

    private static Value DropoutInUse(Dropout op, Value x) => op.Form == DropoutForm.Original ? x * op.Keep : x;

    /// <summary>x − max − log Σ exp(x − max): no exponential overflows, and providers without LogSoftmax can do it.</summary>
    private static Value LogSoftmaxOf(Value x, int axis)
    {
        Value shifted = x - x.Max([axis], keepDims: true);
        return shifted - shifted.Exp().Sum([axis], keepDims: true).Log();
    }
}
