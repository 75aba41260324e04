using System.Globalization;
using System.Text;
using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Interop;

/// <summary>
/// The weights of a file laid out for a network: what fits where, what was done to it, and what is left over on either side. Nothing is
/// taken in part: <see cref="ToModel()"/> refuses unless every parameter and statistic has its numbers, all of them finite.
/// </summary>
public sealed class WeightImport
{
    private readonly string _source;
    private readonly Dictionary<Variable, Func<TensorData>> _numbers;
    private readonly Dictionary<Variable, string> _notFinite;
    private readonly Dictionary<string, string> _misnamed;

    internal WeightImport(Network network, string source, WeightPlan plan)
    {
        (Network, _source, IsByName) = (network, source, plan.IsByName);
        (_numbers, _misnamed) = (plan.Numbers, plan.Misnamed);
        Matches = plan.Matches;
        Missing = [.. network.Variables.Where(v => !plan.Numbers.ContainsKey(v) && !plan.Misshapen.ContainsKey(v)).Select(v => v.Name)];
        Misshapen = [.. plan.Misshapen.Values];
        Unused = plan.Unused;
        _notFinite = plan.Numbers
            .SelectMany(n => FiniteCheck.NotFinite([(n.Key.Name, n.Value())]), (n, told) => (n.Key, told))
            .ToDictionary(n => n.Key, n => n.told);
        Fault = plan.Fault;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Whether tensors were found by their names; if not, by the order and the shapes of the layers that use them.</summary>
    public bool IsByName { get; }

    /// <summary>The variables that have numbers, in the order of the layers.</summary>
    public IReadOnlyList<WeightMatch> Matches { get; }

    /// <summary>The variables for which the file has nothing.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The variables for which the file has a tensor that does not fit: each with both shapes.</summary>
    public IReadOnlyList<string> Misshapen { get; }

    /// <summary>
    /// The names in the map that was given that are none of the network's, or none of the file's: each with the one that it may mean.
    /// </summary>
    public IReadOnlyList<string> Misnamed => [.. _misnamed.Values];

    /// <summary>The variables whose numbers are NaN or infinite: each with how many of them.</summary>
    public IReadOnlyList<string> NotFinite => [.. _notFinite.Values];

    /// <summary>The tensors that the network has no use for. Shapes, counters and other whole numbers are not among them.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>
    /// Why the weights must not be taken although every variable has some: layers that are alike cannot be each other's, or, where layers
    /// were found by order and shape, the network would answer otherwise than the file.
    /// </summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// How far the network with these weights is from the answers of the ONNX file itself on random samples, relative to how far the file's
    /// answers lie apart; about 1e-6 where the two compute the same. Null where they were not compared, see <see cref="NotCompared"/>.
    /// </summary>
    public double? Difference { get; private set; }

    /// <summary>Why the answers were not compared; null where they were, or where the file has weights only.</summary>
    public string? NotCompared { get; private set; }

    /// <summary>What an ONNX file says about the pictures that its weights were trained with; nothing where it has no such card.</summary>
    public ModelCard Card { get; private init; } = new();

    /// <summary>Whether every variable has its numbers, all of them finite.</summary>
    public bool IsComplete => Missing.Count == 0 && Misshapen.Count == 0 && Misnamed.Count == 0 && _notFinite.Count == 0 && Fault is null;

    /// <summary>Lays out the weights of a file: ONNX of any origin, or safetensors.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; one that ends in <c>.safetensors</c> is read as such, any other as ONNX.</param>
    /// <param name="names">
    /// The file's name for each variable, as <see cref="Architectures.Architecture.StateDictKeys"/> gives it for torchvision's; names that
    /// are not listed are looked for as they are. Names that do not exist are told in <see cref="Misnamed"/>.
    /// </param>
    /// <exception cref="CnnGraphException">The file cannot be read.</exception>
    public static WeightImport Of(Network network, string path, IReadOnlyDictionary<string, string>? names = null) =>
        Of(network, path, Given(names));

    internal static WeightImport Of(Network network, string path, WeightNames? names)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? Of(network, SafeTensorsFile.Load(path).Tensors, names, $"'{path}'")
            : Of(network, OnnxModel.Load(path), names, $"'{path}'");
    }

    /// <summary>Lays out the weights of an ONNX model of any origin: by name, else by the order and the shapes of its layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="model">The model.</param>
    /// <param name="names">The model's name for each variable; names that are not listed are looked for as they are.</param>
    /// <param name="source">What the model is called in messages.</param>
    public static WeightImport Of(
        Network network, OnnxModel model, IReadOnlyDictionary<string, string>? names = null, string source = "the model") =>
        Of(network, model, Given(names), source);

    private static WeightImport Of(Network network, OnnxModel model, WeightNames? names, string source)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(model);
        var import = new WeightImport(network, source, WeightPlan.Of(network, model, names)) { Card = ModelCard.Read(model.Metadata) };
        import.CompareAnswers(model);
        return import;
    }

    /// <summary>
    /// Lays out named tensors. Their layers are not known, so that matrices must be [units, features] as here and in PyTorch.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="names">The tensors' name for each variable; names that are not listed are looked for as they are.</param>
    /// <param name="source">What the tensors are called in messages.</param>
    public static WeightImport Of(
        Network network,
        IReadOnlyDictionary<string, TensorData> tensors,
        IReadOnlyDictionary<string, string>? names = null,
        string source = "the tensors") =>
        Of(network, tensors, Given(names), source);

    private static WeightImport Of(Network network, IReadOnlyDictionary<string, TensorData> tensors, WeightNames? names, string source)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        Dictionary<string, StoredTensor> stored = tensors.ToDictionary(
            t => t.Key, t => new StoredTensor(t.Key, t.Value.Type, t.Value.Dims, () => t.Value));
        return new WeightImport(network, source, WeightPlan.ByName(network, stored, names));
    }

    private static WeightNames? Given(IReadOnlyDictionary<string, string>? names) =>
        names is null ? null : new WeightNames(names, IsGuess: false);

    /// <summary>The network with these weights.</summary>
    /// <exception cref="CnnGraphException">They are not complete; the message is the report.</exception>
    public Model ToModel() => ToModel([]);

    /// <summary>The network with these weights, but for those that are to start anew, such as a head for other classes.</summary>
    /// <param name="redrawn">
    /// The variables that are drawn by their initializers even where the file has them, with <c>*</c> for any characters: <c>fc/*</c>.
    /// </param>
    /// <param name="seed">The same seed draws the same numbers.</param>
    /// <exception cref="CnnGraphException">Others are not complete, or a pattern names no variable; the message is the report.</exception>
    public Model ToModel(IReadOnlyCollection<string> redrawn, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(redrawn);
        HashSet<Variable> anew = [.. redrawn.SelectMany(pattern => NamePattern.Find(pattern, Network))];
        bool isMisnamed = _misnamed.Keys.Except(anew.Select(v => v.Name)).Any();
        if (Fault is not null || isMisnamed
            || Network.Variables.Any(v => !anew.Contains(v) && (!_numbers.ContainsKey(v) || _notFinite.ContainsKey(v))))
        {
            throw new CnnGraphException($"The weights of {_source} do not fill '{Network.Name}'. {this}");
        }

        return new Model(Network, Network.Variables.ToDictionary(
            v => v.Name, v => anew.Contains(v) ? v.Initializer.Draw(v, seed) : _numbers[v]()))
        {
            // A layer that was drawn anew may be the head, whose classes are others then.
            Card = anew.Count == 0 ? Card : Card with { LabelNames = [] },
        };
    }

    /// <summary>
    /// A file's graph may hold what no layer with weights tells of. By name, the user asked for these weights and is told; by order and
    /// shape, other answers mean that other layers were found.
    /// </summary>
    private void CompareAnswers(OnnxModel file)
    {
        if (!IsComplete)
        {
            return;
        }

        Difference = AnswerCheck.Difference(ToModel(), file, out string? reason);
        NotCompared = reason;
        if (!IsByName && Difference is { } difference && !(difference <= AnswerCheck.Tolerance))
        {
            Fault = string.Create(
                CultureInfo.InvariantCulture,
                $"with them the network answers otherwise than the file, by {difference:G2} of what its answers differ among each other: it computes something else");
        }
    }

    /// <summary>The report: how many were matched, which were changed, and the names of all that are missing or not used.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{Matches.Count} of {Network.Variables.Count} variables found {(IsByName ? "by name" : "by order and shape")}");
        foreach (WeightChange change in Enum.GetValues<WeightChange>().Where(c => c != WeightChange.None))
        {
            int count = Matches.Count(m => m.Change.HasFlag(change));
            text.Append(count > 0 ? $", {count} {change.ToString().ToLowerInvariant()}" : string.Empty);
        }

        text.Append(Misnamed.Count > 0 ? $"; misnamed: {string.Join(' ', Misnamed).TrimEnd('.')}" : string.Empty);
        List("missing", Missing);
        List("wrong shape", Misshapen);
        List("NaN or infinite", NotFinite);
        List("not used", Unused);
        text.Append(NotCompared is { } reason ? $"; the answers were not compared with the file's: {reason.TrimEnd('.')}"
            : Difference is { } difference && !(difference <= AnswerCheck.Tolerance) && Fault is null
                ? string.Create(CultureInfo.InvariantCulture, $"; the network answers otherwise than the file, by {difference:G2} of what its answers differ among each other")
            : string.Empty);
        text.Append(Fault is null ? "." : $"; {Fault}.");
        return text.ToString();

        void List(string what, IReadOnlyList<string> names) =>
            text.Append(names.Count > 0 ? $"; {what}: {string.Join(", ", names)}" : string.Empty);
    }
}
