using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The textbook's convolutional network: N blocks of convolution, rectifier and max pooling extract features, M dense layers classify them.
/// LeCun et al., 1998, set the pattern.
/// </summary>
public static class VanillaCnn
{
    /// <summary>Three blocks and two dense layers; 356,810 parameters on CIFAR-10.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [Of(blocks: 3, dense: 2) with { Id = "vanilla-cnn" }];

    /// <summary>
    /// A network of this pattern. A block's convolution keeps the size, its pooling halves it, and the next block has twice the channels.
    /// </summary>
    /// <param name="blocks">N, the number of blocks; at least 0.</param>
    /// <param name="dense">M, the number of dense layers, the scores' included; at least 1.</param>
    /// <param name="channels">The channels of the first block; at least 1.</param>
    /// <param name="units">The units of each dense layer before the last; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Architecture Of(int blocks, int dense, int channels = 32, int units = 128)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(dense, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        string title = $"Convolutional network of {blocks} blocks and {dense} dense layers";
        return new($"vanilla-cnn-{blocks}-{dense}", title, 1998, "the pattern of LeCun et al., Proc. IEEE 86(11)", [3, 32, 32], 10, Create)
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.02, momentum: 0.9, weightDecay: 5e-4),
                Schedule = Schedules.Cosine,
                BatchSize = 128,
                Epochs = 30,
            },
        };

        Network Create(Design d)
        {
            Value x = d.Image();
            for (int block = 1; block <= blocks; block++)
            {
                x = x.Conv2d(d.Channels(channels << (block - 1)), kernel: 3, padding: 1, name: $"conv{block}")
                    .Relu(name: $"relu{block}").MaxPool2d(2, name: $"pool{block}");
            }

            x = x.Flatten(name: "flatten");
            for (int layer = 1; layer < dense; layer++)
            {
                x = x.Dense(d.Channels(units), name: $"fc{layer}").Relu(name: $"fc{layer}_relu");
            }

            return x.Dense(d.Classes, name: $"fc{dense}").Build(title);
        }
    }
}
