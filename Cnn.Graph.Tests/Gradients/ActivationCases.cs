using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Functions of single elements, and softmax along every axis.</summary>
internal static class ActivationCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("exp", Smooth, [[2, 3]], v => v[0].Exp()),
        new("log", Positive, [[2, 3]], v => v[0].Log()),
        new("sqrt", Positive, [[2, 3]], v => v[0].Sqrt()),
        new("abs", Piecewise, [[2, 3, 4]], v => v[0].Abs()),
        new("square", Polynomial, [[2, 3]], v => v[0].Square()),
        new("pow: a root", Positive, [[2, 3]], v => v[0].Pow(0.3)),
        new("pow: a negative power", Positive, [[2, 3]], v => v[0].Pow(-0.75)),
        new("pow: the cube of numbers of both signs", Polynomial, [[2, 3]], v => v[0].Pow(3)),
        new("pow: zero", Polynomial, [[2, 3]], v => v[0].Pow(0)),
        new("erf", Smooth, [[2, 3]], v => v[0].Erf()),
        new("stop gradient", Linear, [[2, 3]], v => v[0] + (0 * v[0].StopGradient())),

        new("sigmoid", Smooth, [[2, 5]], v => (4 * v[0]).Sigmoid()),
        new("tanh", Smooth, [[2, 5]], v => (2 * v[0]).Tanh()),
        new("scaled tanh", Smooth, [[2, 5]], v => (2 * v[0]).ScaledTanh()),
        new("scaled tanh: other scales", Smooth, [[2, 5]], v => v[0].ScaledTanh(amplitude: 0.5, slope: 3)),
        new("relu", Piecewise, [[2, 3, 4]], v => v[0].Relu()),
        new("relu6", Piecewise, [[2, 3, 4]], v => (8 * v[0]).Relu6()),
        new("leaky relu", Piecewise, [[2, 3, 4]], v => v[0].LeakyRelu(0.2f)),
        new("leaky relu: steeper below zero", Piecewise, [[2, 3]], v => v[0].LeakyRelu(1.5f)),
        new("prelu: features", Piecewise, [[4, 3]], v => v[0].PRelu()),
        new("prelu: channels", Piecewise, [[2, 3, 2, 2]], v => v[0].PRelu()),
        new("prelu: one slope", Piecewise, [[2, 3, 2, 2]], v => v[0].PRelu(shared: true)),
        new("prelu: volumes", Piecewise, [[1, 2, 2, 2, 2]], v => v[0].PRelu()),
        new("elu: both sides", Smooth, [[2, 5]], v => (v[0] - 1.25).Elu() + (2 * (v[0] + 1.25)).Elu()),
        new("elu: alpha", Smooth, [[2, 5]], v => (v[0] - 1.25).Elu(alpha: 0.4) + (2 * (v[0] + 1.25)).Elu(alpha: 0.4)),
        new("gelu", Smooth, [[2, 5]], v => (2 * v[0]).Gelu()),
        new("gelu: approximate", Smooth, [[2, 5]], v => (2 * v[0]).Gelu(approximate: true)),
        new("silu", Smooth, [[2, 5]], v => (4 * v[0]).Silu()),

        new("softmax: rows", Smooth, [[3, 5]], v => (2 * v[0]).Softmax()),
        new("softmax: columns", Smooth, [[3, 5]], v => v[0].Softmax(axis: 0)),
        new("softmax: channels", Smooth, [[2, 3, 2, 2]], v => v[0].Softmax(axis: 1)),
        new("softmax: last but one", Smooth, [[2, 3, 4]], v => v[0].Softmax(axis: -2)),
        new("log softmax: rows", Smooth, [[3, 5]], v => (2 * v[0]).LogSoftmax()),
        new("log softmax: columns", Smooth, [[3, 5]], v => v[0].LogSoftmax(axis: 0)),
        new("log softmax: channels", Smooth, [[2, 3, 2, 2]], v => v[0].LogSoftmax(axis: 1)),
        new("log softmax: last but one", Smooth, [[2, 3, 4]], v => v[0].LogSoftmax(axis: -2)),
    ];
}
