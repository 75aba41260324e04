using Cnn.Graph.Ir;

namespace Cnn.Graph.Optimizers;

internal sealed record Adagrad : Optimizer
{
    public Adagrad(double learningRate, double epsilon, double weightDecay)
        : base(learningRate, weightDecay) => Epsilon = RequirePositive(epsilon);

    public double Epsilon { get; }

    private protected override IEnumerable<Update> Step(StepInput s)
    {
        Value d = s.Decayed;
        State sum = s.State("square_sum");
        Value square = sum + (d * d);
        yield return new Update(sum, square);
        yield return new Update(s.Parameter, s.Parameter - (s.Rate * d / (square.Sqrt() + Epsilon)));
    }
}
