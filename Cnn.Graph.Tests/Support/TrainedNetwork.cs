using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>
/// The networks that are trained twenty steps on each kind of device, small enough for devices in software. Plain gradient descent at a low
/// rate: what is compared is the device, not how optimisers sharpen differences, nor what follows when an input of a rectifier that lies
/// within rounding of zero falls to either side. The rows of docs/devices.md are these.
/// </summary>
/// <param name="Id">The architecture.</param>
/// <param name="Width">Times its channels.</param>
/// <param name="Input">Channels, height, width.</param>
/// <param name="Rate">The rate.</param>
public sealed record TrainedNetwork(string Id, double Width, int[] Input, double Rate)
{
    public const int BatchSize = 4, Steps = 20, Classes = 4;

    /// <summary>The largest norm of the gradients.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    public static IReadOnlyList<TrainedNetwork> Quick { get; } =
    [
        new("lenet5", 1, [1, 28, 28], 0.003),
        new("mnist-convnet", 0.25, [1, 40, 40], 0.0003),
        new("vgg11", 0.0625, [3, 32, 32], 0.01),
        new("resnet20-cifar", 0.25, [3, 16, 16], 0.0005),
    ];

    public static IReadOnlyList<TrainedNetwork> Slow { get; } =
    [
        new("googlenet-bvlc-aux", 0.125, [3, 64, 64], 0.001),

        // So deep and narrow it is chaotic: on the CPU alone a change of its weights by 1e-7 moves the loss by a quarter within six steps
        // at a rate of 0.01 and a norm of 1. Short steps keep that small; what starts at zero is the sum of these steps and is not compared
        // by itself.
        new("inception_v3", 0.0625, [3, 107, 107], 0.0003) { Clipping = GradientClipping.GlobalNorm(0.01) },
    ];

    public static IEnumerable<TestCaseData> Cases =>
    [
        .. Quick.Select(n => new TestCaseData(n).SetArgDisplayNames(n.Id)),
        .. Slow.Select(n => new TestCaseData(n).SetArgDisplayNames(n.Id).SetCategory("Long")),
    ];

    public static IEnumerable<TestCaseData> CasesInHalfPrecision => Cases.Where(c => ((TrainedNetwork)c.Arguments[0]!).Clipping == GradientClipping.None);

    /// <summary>Twenty steps on a device, twice, against the CPU.</summary>
    public void RequireAlike(Device device, TrainingPrecision precision = TrainingPrecision.Float32)
    {
        Architecture architecture = Architecture.Find(Id);
        DeviceTraining.RequireAlike(
            device,
            architecture.Build(Classes, Input, Width),
            Digits.Of(3 * BatchSize, Classes, side: Input[1], channels: Input[0]),
            BatchSize,
            Steps,
            Optimizer.Sgd(Rate) with { Clipping = Clipping },
            architecture.Recipe.Loss,
            precision,
            eachTensor: precision == TrainingPrecision.Float32 && Clipping == GradientClipping.None);
    }
}
