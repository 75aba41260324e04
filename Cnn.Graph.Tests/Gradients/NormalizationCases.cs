using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Normalisations with every setting, in use and in training.</summary>
internal static class NormalizationCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("batch norm: in use", Linear, [[2, 3, 2, 2]], v => v[0].BatchNorm()),
        new("batch norm: in use, neither scale nor shift", Linear, [[2, 3, 2, 2]], v => v[0].BatchNorm(scale: false, shift: false)),
        new("batch norm: features in use", Linear, [[4, 3]], v => v[0].BatchNorm()),
        new("batch norm: frozen in training", Linear, [[2, 3, 2, 2]], v => Trained(v[0].BatchNorm(frozen: true))),
        new("batch norm: pictures", Smooth, [[2, 3, 3, 2]], v => Trained(v[0].BatchNorm())),
        new("batch norm: features", Smooth, [[6, 3]], v => Trained(v[0].BatchNorm())),
        new("batch norm: signals", Smooth, [[3, 2, 4]], v => Trained(v[0].BatchNorm())),
        new("batch norm: volumes", Smooth, [[2, 2, 2, 1, 3]], v => Trained(v[0].BatchNorm())),
        new("batch norm: large epsilon", Smooth, [[2, 3, 3, 2]], v => Trained(v[0].BatchNorm(epsilon: 0.5))),
        new("batch norm: no scale", Smooth, [[2, 3, 3, 2]], v => Trained(v[0].BatchNorm(scale: false))),
        new("batch norm: no shift", Smooth, [[2, 3, 3, 2]], v => Trained(v[0].BatchNorm(shift: false))),
        new("batch norm: behind a convolution", Smooth, [[2, 2, 4, 4]], v => Trained(v[0].Conv2d(3, kernel: 3, bias: false).BatchNorm().Tanh())),

        .. from size in new[] { 1, 2, 3, 4, 5, 11, 12 }
           select new GradientCase($"lrn: {size} channels of 6", Smooth, [[2, 6, 2, 2]], v => v[0].LocalResponseNorm(size, alpha: 3)),
        .. from size in new[] { 2, 4, 12 }
           select new GradientCase($"lrn: {size} channels of 6, extra behind", Smooth, [[2, 6, 2, 2]], v => v[0].LocalResponseNorm(size, alpha: 3, extraBehind: true)),
        new("lrn: undivided", Smooth, [[1, 6, 2, 3]], v => v[0].LocalResponseNorm(size: 3, alpha: 0.5, beta: 1.5, k: 2, dividedAlpha: false)),
        new("lrn: undivided, even", Smooth, [[1, 6, 2, 3]], v => v[0].LocalResponseNorm(size: 4, alpha: 0.5, beta: 1.5, k: 2, dividedAlpha: false)),
        new("lrn: one channel", Smooth, [[2, 1, 2, 3]], v => v[0].LocalResponseNorm(alpha: 3)),

        new("layer norm: features", Smooth, [[3, 5]], v => v[0].LayerNorm()),
        new("layer norm: sequences", Smooth, [[2, 3, 4]], v => v[0].LayerNorm()),
        new("layer norm: pictures", Smooth, [[2, 2, 3, 2]], v => v[0].LayerNorm()),
        new("layer norm: volumes", Smooth, [[2, 2, 1, 2, 2]], v => v[0].LayerNorm(epsilon: 0.1)),
        new("layer norm: last axis", Smooth, [[2, 3, 4]], v => v[0].LayerNorm(axes: 1)),
        new("layer norm: last two axes of four", Smooth, [[2, 2, 3, 2]], v => v[0].LayerNorm(axes: 2)),
        new("layer norm: not affine", Smooth, [[3, 5]], v => v[0].LayerNorm(affine: false)),
        new("instance norm: sequences", Smooth, [[2, 3, 4]], v => v[0].InstanceNorm()),
        new("instance norm: pictures", Smooth, [[2, 3, 2, 3]], v => v[0].InstanceNorm()),
        new("instance norm: volumes", Smooth, [[1, 2, 2, 2, 2]], v => v[0].InstanceNorm(epsilon: 0.1)),
        new("instance norm: not affine", Smooth, [[2, 3, 2, 3]], v => v[0].InstanceNorm(affine: false)),
        new("group norm: features", Smooth, [[3, 6]], v => v[0].GroupNorm(groups: 2)),
        new("group norm: sequences", Smooth, [[2, 4, 3]], v => v[0].GroupNorm(groups: 2)),
        new("group norm: pictures", Smooth, [[2, 6, 2, 2]], v => v[0].GroupNorm(groups: 3)),
        new("group norm: volumes", Smooth, [[1, 4, 2, 1, 2]], v => v[0].GroupNorm(groups: 2, epsilon: 0.1)),
        new("group norm: one group", Smooth, [[2, 3, 2, 2]], v => v[0].GroupNorm(groups: 1)),
        new("group norm: a group a channel", Smooth, [[2, 3, 2, 2]], v => v[0].GroupNorm(groups: 3)),
        new("group norm: not affine", Smooth, [[2, 4, 2, 2]], v => v[0].GroupNorm(groups: 2, affine: false)),
    ];

    private static Value Trained(Value value) => NetworkForms.InTraining(value);
}
