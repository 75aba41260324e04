using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Optimizers;

/// <summary>
/// Several batches to a step. The graph is the same for every batch: each sums its gradients up, and what the optimiser makes of them is
/// taken over with the last batch only, chosen element by element because not every device can branch.
/// </summary>
internal static class GradientAccumulation
{
    /// <param name="batches">How many batches make a step.</param>
    /// <param name="gradients">The gradients of one batch.</param>
    /// <param name="follow">What the optimiser does with gradients.</param>
    public static IReadOnlyList<Update> Apply(
        int batches, IReadOnlyList<ParameterGradient> gradients, Func<IReadOnlyList<ParameterGradient>, IReadOnlyList<Update>> follow)
    {
        if (batches == 1)
        {
            return follow(gradients);
        }

        using IDisposable scope = Label.Fixed("accumulate").Enter();
        var counter = new State(Label.Fixed(SharedStates.NameOf("batches")), TensorType.Float(), Initializer.Zero);
        Value count = counter + 1, isLast = count.IsEqual(Constants.Scalar(batches)), zero = Constants.Scalar(0);
        var updates = new List<Update>();
        var means = new List<ParameterGradient>();
        foreach ((Parameter parameter, Value gradient) in gradients)
        {
            var sum = new State(parameter.Label.Child("gradient_sum"), parameter.Type, Initializer.Zero);
            Value total = sum + gradient;
            means.Add(new ParameterGradient(parameter, total / batches));
            updates.Add(new Update(sum, isLast.Where(zero, total)));
        }

        // Where the choice falls on the old value it does not matter what the new one would have been, be it infinite.
        updates.InsertRange(0, follow(means).Select(u => u with { Next = isLast.Where(u.Next, u.Variable) }));
        return [.. updates, new Update(counter, isLast.Where(zero, count))];
    }
}
