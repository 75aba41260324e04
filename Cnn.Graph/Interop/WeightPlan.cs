using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Interop;

/// <summary>Which stored tensor becomes which variable.</summary>
internal sealed class WeightPlan
{
    private WeightPlan(bool isByName) => IsByName = isByName;

    public bool IsByName { get; }

    public List<WeightMatch> Matches { get; } = [];

    /// <summary>The numbers of the variables that have some.</summary>
    public Dictionary<Variable, Func<TensorData>> Numbers { get; } = [];

    /// <summary>What is wrong with the tensor found for a variable.</summary>
    public Dictionary<Variable, string> Misshapen { get; } = [];

    /// <summary>What is wrong with a name in the map that was given, by the name here.</summary>
    public Dictionary<string, string> Misnamed { get; } = [];

    public IReadOnlyList<string> Unused { get; private set; } = [];

    public string? Fault { get; private init; }

    /// <summary>The names of the tensors that were found, whether they fit or not.</summary>
    private readonly HashSet<string> _found = [];

    private bool IsComplete(Network network) => Fault is null && Misnamed.Count == 0 && Numbers.Count == network.Variables.Count;

    /// <summary>
    /// By name if that finds everything, else by order and shape if that does, else by whichever finds more. Names that were given but do
    /// not exist are not passed over.
    /// </summary>
    public static WeightPlan Of(Network network, OnnxModel model, WeightNames? names)
    {
        var file = new OnnxSkeleton(model);
        WeightPlan byName = ByName(network, file.Tensors, names, file.IsWeight);
        if (byName.IsComplete(network) || byName.Misnamed.Count > 0)
        {
            return byName;
        }

        WeightPlan byOrder = ByOrder(network, file);
        return byOrder.IsComplete(network) || byOrder.Numbers.Count > byName.Numbers.Count ? byOrder : byName;
    }

    /// <param name="network">The network.</param>
    /// <param name="tensors">The tensors of the file.</param>
    /// <param name="names">What they are called, as far as it is known.</param>
    /// <param name="isWeight">Which of them are weights, and are told when they have no use; all by default.</param>
    public static WeightPlan ByName(
        Network network,
        IReadOnlyDictionary<string, StoredTensor> tensors,
        WeightNames? names,
        Func<StoredTensor, bool>? isWeight = null)
    {
        var plan = new WeightPlan(isByName: true);
        foreach ((string name, string fault) in names?.Faults(network, tensors.Keys) ?? [])
        {
            plan.Misnamed[name] = fault;
        }

        var found = new Dictionary<Variable, StoredTensor>();
        foreach (Variable variable in network.Variables)
        {
            string[] own = [variable.Name, GraphEncoder.Identifier(variable.Name)], called = names?.For(variable.Name, own) ?? own;
            if (called.FirstOrDefault(tensors.ContainsKey) is { } name)
            {
                found[variable] = tensors[name];
            }
        }

        plan.Take(network, found, []);
        plan.Leave(tensors.Values.Where(isWeight ?? (_ => true)));
        return plan;
    }

    private static WeightPlan ByOrder(Network network, OnnxSkeleton file)
    {
        var matching = new SkeletonMatching(NetworkSkeleton.Of(network), file.Skeleton);
        var plan = new WeightPlan(isByName: false) { Fault = matching.Fault };
        plan.Take(network, matching.Found, matching.Neutral);
        plan.Leave(file.Skeleton.Layers.SelectMany(l => l.Tensors.Values));
        return plan;
    }

    private void Take(Network network, Dictionary<Variable, StoredTensor> found, Dictionary<Variable, float> neutral)
    {
        Dictionary<Variable, float> epsilons = NetworkSkeleton.Epsilons(network);
        foreach (Variable variable in network.Variables)
        {
            long[] shape = variable.Shape.Sizes();
            float? epsilon = epsilons.TryGetValue(variable, out float added) ? added : null;
            if (found.TryGetValue(variable, out StoredTensor? tensor))
            {
                _found.Add(tensor.Name);
                if (tensor.ChangeFor(shape, epsilon) is { } change)
                {
                    Matches.Add(new WeightMatch(variable.Name, tensor.Name, change));
                    Numbers[variable] = () => tensor.As(shape, change, epsilon);
                }
                else
                {
                    Misshapen[variable] = $"{variable.Name} is {tensor.Type}[{string.Join(", ", tensor.Shape)}] as '{tensor.Name}', not {variable.Type}";
                }
            }
            else if (neutral.TryGetValue(variable, out float number))
            {
                // A variance of 1 - ε is the one that divides by 1.
                float[] numbers = new float[TensorData.CountOf(shape)];
                numbers.AsSpan().Fill(number - (epsilon ?? 0));
                Matches.Add(new WeightMatch(variable.Name, null, WeightChange.Neutral));
                Numbers[variable] = () => TensorData.Of<float>(numbers, shape);
            }
        }
    }

    private void Leave(IEnumerable<StoredTensor> tensors) => Unused =
    [
        .. tensors.Where(t => t.Type is ElementType.Float or ElementType.Float16 or ElementType.Double && !_found.Contains(t.Name))
            .Select(t => t.Name).Distinct(),
    ];
}
