using Cnn.Graph.Ir;

namespace Cnn.Graph.Optimizers;

/// <summary>
/// Running averages of the parameters (Polyak &amp; Juditsky, 1992): each step's new value comes in with a share of 1 − decay. The shares
/// are divided by what they sum to so far, so that the average of the first step is its value and no start at zero is left in it.
/// </summary>
internal static class ParameterAverage
{
    private const string WeightName = "average_weight";

    /// <summary>The averages beside the parameters' new values.</summary>
    public static IReadOnlyList<Update> Of(double decay, IEnumerable<Update> updates, SharedStates shared)
    {
        using IDisposable scope = Label.Fixed("average").Enter();
        Value share = (1 - decay) / shared.WeightSum(WeightName, decay);
        return [.. updates.Where(u => u.Variable is Parameter).Select(u =>
        {
            var average = new State(StateLabel(u.Variable), u.Variable.Type, Initializer.Zero);
            return new Update(average, average + (share * (u.Next - average)));
        })];
    }

    /// <summary>
    /// A parameter's average; its own value where there is none: it is not trained, no step was done yet, or no averages are kept.
    /// </summary>
    /// <param name="parameter">The parameter, or another variable of the network.</param>
    /// <param name="values">The present values of all variables, by name.</param>
    public static TensorData Of(Variable parameter, IReadOnlyDictionary<string, TensorData> values) =>
        values.TryGetValue($"{StateLabel(parameter)}", out TensorData? average) && values[SharedStates.NameOf(WeightName)].Span<float>()[0] > 0
            ? average
            : values[parameter.Name];

    private static Label StateLabel(Variable parameter) => parameter.Label.Child("average");
}
