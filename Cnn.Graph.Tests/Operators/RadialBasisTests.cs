using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>The last layer of LeNet-5 and the loss that it is trained with.</summary>
public class RadialBasisTests
{
    [Test]
    public void Scores_are_negative_squared_distances()
    {
        float[] x = [0.5f, -1, 2, 1, 1, 1], w = [1, -1, 1, -1, 1, 1];
        Assert.That(Scores(x, w, features: 3), Is.EqualTo(new[] { -(0.25 + 0 + 1), -(2.25 + 4 + 1), -(0 + 4 + 0), -(4 + 0 + 0) }).Within(1e-6));
    }

    /// <summary>|x|² − 2·x·w + |w|² would have no digit left here.</summary>
    [Test]
    public void Near_a_prototype_the_digits_are_kept() =>
        Assert.That(Scores([1000.125f, 1000], [1000, 1000], features: 2), Is.EqualTo(new[] { -0.015625 }));

    [Test]
    public void The_highest_score_is_that_of_the_nearest_prototype()
    {
        double[] scores = Scores([0.9f, -0.8f], [-1, -1, 1, 1, 1, -1, -1, 1], features: 2);
        Assert.That(Array.IndexOf(scores, scores.Max()), Is.EqualTo(2));
    }

    [Test]
    public void LeNets_output_has_840_fixed_numbers_of_plus_and_minus_one()
    {
        Network network = Network.Input("f6", 84).RbfOutput(10, frozen: true, name: "output").Build("output");
        Assert.That(network.ParameterCount, Is.Zero);
        Assert.That(Network.Input("f6", 84).RbfOutput(10).Build("output").ParameterCount, Is.EqualTo(840));
        float[] signs = Model.Initialize(network).Weights["output/weight"].Floats();
        Assert.That(signs.Select(MathF.Abs), Is.All.EqualTo(1));
        Assert.That(signs.Average(), Is.Zero.Within(0.1));
    }

    /// <summary>As the paper trains: fixed prototypes, by the layer or by the optimiser, and all before them learns to hit them.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Trains_towards_frozen_prototypes(bool byLayer)
    {
        Network network = Network.Input("image", 1, 12, 12)
            .Conv2d(4, kernel: 3, padding: 1).Relu().MaxPool2d(2).Flatten().Dense(16, weightInitializer: Initializer.Xavier).Tanh()
            .RbfOutput(4, frozen: byLayer, name: "output").Build("rbf");
        using var trainer = new Trainer(network, new TrainingOptions
        {
            Loss = Loss.MaximumAPosteriori(),
            Optimizer = Optimizer.Sgd(0.01, momentum: 0.9) with { Groups = byLayer ? new() : new(ParameterGroup.Frozen("output/weight")) },
            Epochs = 5,
            BatchSize = 32,
            Device = Device.Cpu,
        });
        EpochResult last = trainer.Fit(Digits.Of(250), Digits.Of(100, seed: 2)).Epochs[^1];
        using var evaluator = new Evaluator(trainer.Model.ToOnnx(), Device.Cpu);
        Assert.Multiple(() =>
        {
            Assert.That(last.Accuracy, Is.GreaterThan(0.95));
            Assert.That(last.ValidationAccuracy, Is.GreaterThan(0.95));
            Assert.That(last.ValidationLoss, Is.Null, "the loss is not the cross-entropy that evaluation measures");
            Assert.That(trainer.Model.Weights["output/weight"].Floats(), Is.EqualTo(Model.Initialize(network).Weights["output/weight"].Floats()));
        });
    }

    private static double[] Scores(float[] x, float[] w, int features)
    {
        Input input = Tensors.Input("x", x.Length / features, features);
        Value y = input.RbfOutput(w.Length / features, Initializer.Given([.. w.Select(v => (double)v)]));
        var weight = (Parameter)y.Producer!.Inputs[1];
        return [.. GraphRunner.Evaluate(y, (input, Tensors.Of(input, x)), (weight, weight.Initializer.Draw(weight, 0))).Select(v => (double)v)];
    }
}
