using Cnn.Graph.Text;

namespace Cnn.Graph.Architectures;

/// <summary>A network known from the literature.</summary>
/// <param name="Id">The short name by which the command line knows it.</param>
/// <param name="Title">Its name in prose.</param>
/// <param name="Year">When it was published.</param>
/// <param name="Paper">Where.</param>
/// <param name="Input">The shape of one sample it was made for: channels, height, width.</param>
/// <param name="Classes">The number of classes it was made for.</param>
/// <param name="Create">Builds it for an input shape and a number of classes.</param>
public sealed record Architecture(
    string Id, string Title, int Year, string Paper, IReadOnlyList<int> Input, int Classes, Func<IReadOnlyList<int>, int, Network> Create)
{
    /// <summary>How it is trained when nothing else is asked for.</summary>
    public Recipe Recipe { get; init; } = new();

    /// <summary>Every architecture, oldest first.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [LeNet.Modern];

    /// <summary>An architecture by its id.</summary>
    /// <param name="id">The id; upper and lower case alike.</param>
    /// <exception cref="CnnGraphException">There is none; the message proposes the nearest.</exception>
    public static Architecture Find(string id) => All.FirstOrDefault(a => string.Equals(a.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new CnnGraphException($"There is no architecture '{id}'. {Proposal.For(id, All.Select(a => a.Id))} 'cnn list' shows all.");

    /// <summary>Builds the network.</summary>
    /// <param name="classes">The number of classes; its own by default.</param>
    /// <param name="input">Channels, height and width; its own by default.</param>
    /// <exception cref="Ir.GraphException">The input is too small for the layers.</exception>
    public Network Build(int? classes = null, IReadOnlyList<int>? input = null) => Create(input ?? Input, classes ?? Classes);
}

/// <summary>How an architecture is trained when nothing else is asked for.</summary>
public sealed record Recipe
{
    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9);

    /// <summary>The schedule of the learning rate.</summary>
    public Schedule Schedule { get; init; } = Schedules.Constant;

    /// <summary>Samples a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 10;
}
