using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// A network of searched cells for ImageNet (Zoph et al., 2017, figure 2): a convolution and two reduction cells make the picture eight
/// times smaller; then come three stages of normal cells with a reduction cell between, behind which there are twice as many channels.
/// </summary>
/// <param name="Normal">The cell that keeps the size.</param>
/// <param name="Reduction">The cell that halves it.</param>
/// <param name="Cells">The number of normal cells in each stage ("N").</param>
/// <param name="Filters">The channels of a state in the first stage ("F").</param>
/// <param name="StemFilters">The channels of the first convolution.</param>
internal sealed record SearchedNetwork(SearchedCell Normal, SearchedCell Reduction, int Cells, int Filters, int StemFilters)
{
    /// <summary>
    /// Whether the cell behind a reduction takes, as the output before the last, what the reduction cell took as that, and not what it took
    /// as the last.
    /// </summary>
    public bool SkipsReductionInput { get; init; }

    /// <summary>
    /// RMSProp, smoothed labels, clipped gradients and an auxiliary classifier that counts 0.4, as both papers say; rates and decays are
    /// those of AmoebaNet's code.
    /// </summary>
    public static Recipe Training(bool auxiliary)
    {
        Loss smoothed = Loss.SoftmaxCrossEntropy(labelSmoothing: 0.1);
        return new Recipe
        {
            Loss = auxiliary ? Loss.Weighted((1, smoothed), (0.4, smoothed)) : smoothed,
            Optimizer = Optimizer.RmsProp(
                learningRate: 0.015, decay: 0.9, epsilon: 1, momentum: 0.9, weightDecay: 4e-5, tensorFlow: true) with
            {
                Clipping = GradientClipping.GlobalNorm(10), AveragingDecay = 0.9999,
            },
            // By 0.97 every 2.4 epochs.
            Schedule = Schedules.WarmUp(3, Schedules.Accelerated(5, Schedules.Step(epochs: 12, factor: 0.97))),
            BatchSize = 32,
            Epochs = 100,
        };
    }

    /// <summary>Builds the network.</summary>
    /// <param name="d">What it is built for.</param>
    /// <param name="title">Its name in prose.</param>
    /// <param name="auxiliary">Whether the second stage has a classifier of its own, the network's second output.</param>
    public Network Create(Design d, string title, bool auxiliary)
    {
        int filters = d.Channels(Filters), cell = 0;
        Value conv0 = d.Image().Conv2d(d.Channels(StemFilters), kernel: 3, stride: 2, bias: false, name: "conv0")
            .BatchNorm(SearchedCell.Epsilon, name: "bn0");
        Value before = conv0.Block("cell_stem_0", x => Reduction.Apply(x, null, filters / 4, stride: 2));
        Value last = before.Block("cell_stem_1", x => Reduction.Apply(x, conv0, filters / 2, stride: 2));
        List<Value> heads = [];
        for (int stage = 0; stage < 3; stage++)
        {
            int channels = filters << stage;
            if (stage > 0)
            {
                Value past = before;
                Value reduced = last.Block($"reduction_cell_{stage - 1}", x => Reduction.Apply(x, past, channels, stride: 2));
                (before, last) = (SkipsReductionInput ? before : last, reduced);
            }

            for (int i = 0; i < Cells; i++, cell++)
            {
                Value past = before;
                (before, last) = (last, last.Block($"cell_{cell}", x => Normal.Apply(x, past, channels, stride: 1)));
            }

            if (stage == 1 && auxiliary)
            {
                heads.Add(last.Block("aux", x => AuxiliaryHead(x, d)));
            }
        }

        Value scores = last.Relu(name: "relu").GlobalAveragePool(name: "pool").Flatten(name: "flatten")
            .Dropout(0.5, name: "dropout").Dense(d.Classes, name: "fc");
        return NetworkBuilder.Build([scores, .. heads], title);
    }

    private static Value AuxiliaryHead(Value input, Design d)
    {
        Value x = input.Relu(name: "relu0").AveragePool2d(5, stride: 3, name: "pool")
            .Conv2d(d.Channels(128), kernel: 1, bias: false, name: "conv1")
            .BatchNorm(SearchedCell.Epsilon, name: "bn1").Relu(name: "relu1");
        Size2 whole = x.Shape.Rank == 4 ? ((int)x.Shape[2].Size, (int)x.Shape[3].Size) : 1;
        return x.Conv2d(d.Channels(768), whole, bias: false, name: "conv2")
            .BatchNorm(SearchedCell.Epsilon, name: "bn2").Relu(name: "relu2")
            .Flatten(name: "flatten").Dense(d.Classes, name: "fc");
    }
}
