using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>What a cell does with a state: gives so many channels, on so many times fewer rows and columns.</summary>
internal delegate Value CellOperation(Value state, int channels, int stride);

/// <summary>
/// A cell found by a search in the space of Zoph et al. (2017). State 0 is what the last cell gave, state 1 what the cell before it gave;
/// five times two states are worked on and added, which makes states 2 to 6.
/// </summary>
/// <param name="Sums">For each sum, an operation and the state that it takes, twice.</param>
/// <param name="Output">The states that are the cell's output, side by side.</param>
internal sealed record SearchedCell((CellOperation Left, int LeftState, CellOperation Right, int RightState)[] Sums, int[] Output)
{
    /// <summary>What is added to the variance in every normalisation of such networks.</summary>
    public const double Epsilon = 1e-3;

    public static CellOperation Identity { get; } = (state, _, _) => state;

    public static CellOperation Average { get; } = (state, channels, stride) =>
        WithChannels(state.AveragePool2d(3, stride, Padding.Same, name: "pool"), channels);

    public static CellOperation Maximum { get; } = (state, channels, stride) =>
        WithChannels(state.MaxPool2d(3, stride, Padding.Same, name: "pool"), channels);

    /// <summary>A 1x7 and a 7x1 convolution of a quarter of the channels, between two 1x1 ones.</summary>
    public static CellOperation OneBySeven { get; } = (state, channels, stride) =>
    {
        int few = Math.Max(channels / 4, 1);
        Value row = Convolution(Convolution(state, few, 1, "squeeze"), few, (1, 7), "1x7", (1, stride));
        return Convolution(Convolution(row, few, (7, 1), "7x1", (stride, 1)), channels, 1, "expand");
    };

    /// <summary>A depthwise separable convolution, twice; the first strides.</summary>
    public static CellOperation Separable(int kernel) => (state, channels, stride) =>
    {
        Value x = state;
        for (int i = 1; i <= 2; i++)
        {
            x = x.Relu(name: $"relu{i}")
                .SeparableConv2d(channels, kernel, stride: i == 1 ? stride : 1, padding: Padding.Same, bias: false, name: $"separable{i}")
                .BatchNorm(Epsilon, name: $"bn{i}");
        }

        return x;
    };

    /// <summary>The cell's output.</summary>
    /// <param name="last">What the last cell gave.</param>
    /// <param name="beforeLast">What the cell before it gave; null where there was none.</param>
    /// <param name="channels">The channels of each state.</param>
    /// <param name="stride">How many times fewer rows and columns the output has; only states 0 and 1 are strided over.</param>
    public Value Apply(Value last, Value? beforeLast, int channels, int stride)
    {
        List<Value> states = [Convolution(last, channels, 1, "last"), beforeLast is null ? last : Fitted(beforeLast, last, channels)];
        foreach ((int i, var sum) in Sums.Index())
        {
            Value left = states[sum.LeftState].Block($"sum{i}/left", s => sum.Left(s, channels, sum.LeftState < 2 ? stride : 1));
            Value right = states[sum.RightState].Block($"sum{i}/right", s => sum.Right(s, channels, sum.RightState < 2 ? stride : 1));
            states.Add(left.Add(right, name: $"sum{i}/add"));
        }

        return states[Output[0]].Concat(Output.Skip(1).Select(i => states[i]), name: "concat");
    }

    /// <summary>The output of the cell before the last with the size of the last one's, and the channels of a state.</summary>
    private static Value Fitted(Value before, Value last, int channels)
    {
        if (HeightOf(before) != HeightOf(last))
        {
            return before.Block("before_last", x => FactorizedReduction(x, channels));
        }

        return ChannelsOf(before) == channels ? before : Convolution(before, channels, 1, "before_last");
    }

    /// <summary>
    /// Half the rows and columns without passing over pixels: half of the channels are made of every other pixel, the other half of the
    /// pixels to the right of and below those. Beyond the end of an odd number of them lies a zero.
    /// </summary>
    private static Value FactorizedReduction(Value x, int channels)
    {
        Value active = x.Relu(name: "relu");
        Value even = active.Conv2d(channels - (channels / 2), kernel: 1, stride: 2, bias: false, name: "even");
        Value odd = active.Crop2d(1, 1, 0, 0, name: "shift")
            .Conv2d(channels / 2, kernel: 1, stride: 2, padding: Padding.Of(0, 0, 1, 1), bias: false, name: "odd");
        return even.Concat([odd], name: "concat").BatchNorm(Epsilon, name: "bn");
    }

    /// <summary>A rectifier, a convolution that keeps the size but for its stride, normalisation.</summary>
    private static Value Convolution(Value x, int channels, Size2 kernel, string name, Size2? stride = null) => x.Block(name, input => input
        .Relu(name: "relu").Conv2d(channels, kernel, stride, Padding.Same, bias: false, name: "conv").BatchNorm(Epsilon, name: "bn"));

    private static Value WithChannels(Value x, int channels) =>
        ChannelsOf(x) == channels ? x : x.Conv2d(channels, kernel: 1, bias: false, name: "conv").BatchNorm(Epsilon, name: "bn");

    // Where a fault hides a shape, any number will do: the network will not be built.
    private static long ChannelsOf(Value x) => x.Shape.Rank == 4 ? x.Shape[1].Size : 0;

    private static long HeightOf(Value x) => x.Shape.Rank == 4 ? x.Shape[2].Size : 0;
}
