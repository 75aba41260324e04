using System.Globalization;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The residual networks of 6n + 2 layers for CIFAR-10 (He et al., 2015, section 4.2) and the plain networks they are compared with: three
/// stages of n blocks with 16, 32 and 64 channels. Without parameters in the shortcuts (A) unless the id ends in <c>-b</c>.
/// </summary>
public static class CifarResNet
{
    /// <summary>20 to 1202 layers.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. from depth in new[] { 20, 32, 44, 56, 110, 1202 }
           from kind in new[] { ShortcutKind.A, ShortcutKind.B }
           select Of($"resnet{depth}-cifar{(kind == ShortcutKind.A ? "" : "-b")}", $"ResNet-{depth} for CIFAR{(kind == ShortcutKind.A ? "" : ", shortcuts B")}", depth, kind),
        Of("plain20-cifar", "Plain network of 20 layers for CIFAR", 20, null),
        Of("plain56-cifar", "Plain network of 56 layers for CIFAR", 56, null),
    ];

    /// <summary>The rate is divided by ten at 32,000 and 48,000 of 64,000 steps, which are epochs 82 and 123 of 164.</summary>
    internal static Recipe Recipe => new()
    {
        Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4), Schedule = Schedules.MultiStep([82, 123]), BatchSize = 128, Epochs = 164,
    };

    private static Architecture Of(string id, string title, int depth, ShortcutKind? shortcut) =>
        new(id, title, 2015, "He et al., arXiv:1512.03385, section 4.2", [3, 32, 32], 10, d => Create(d, title, (depth - 2) / 6, shortcut))
        {
            HasWidth = true,
            Recipe = Recipe,
        };

    private static Network Create(Design d, string title, int blocks, ShortcutKind? shortcut)
    {
        Value x = d.Image()
            .Conv2d(d.Channels(16), kernel: 3, padding: 1, bias: false, weightInitializer: Initializer.He, name: "conv1")
            .BatchNorm(name: "bn1").Relu(name: "relu1");
        for (int stage = 0; stage < 3; stage++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int channels = d.Channels(16 << stage), stride = stage > 0 && block == 0 ? 2 : 1;
                string name = string.Create(CultureInfo.InvariantCulture, $"conv{stage + 2}_{block + 1}");
                x = x.Block(name, input => ResNet.Basic(input, channels, stride, shortcut));
            }
        }

        return x.GlobalAveragePool(name: "pool").Flatten(name: "flatten").Dense(d.Classes, name: "fc").Build(title);
    }
}
