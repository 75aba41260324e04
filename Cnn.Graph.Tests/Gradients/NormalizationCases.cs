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
    ];

    private static Value Trained(Value value) => NetworkForms.InTraining(value);
}
