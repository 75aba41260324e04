using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Evaluation;

public class EvaluatorTests
{
    private static readonly ImageDataset Set = Digits.Of(50, classes: 8);
    private static readonly Network Network = Digits.Network(classes: 8);

    /// <summary>Worked out from the scores in plain loops: how often the right class is first, among five, and its cross-entropy.</summary>
    [Test]
    public void Measures_what_the_scores_say()
    {
        Model model = Model.Initialize(Network, seed: 4);
        float[][] scores = [.. Enumerable.Range(0, Set.Count).Select(i => Scores(model, i))];
        int[] ranks = [.. scores.Select((row, i) => row.Count(s => s > row[Set.Label(i)]))];
        double loss = scores.Select((row, i) => Math.Log(row.Sum(s => Math.Exp(s))) - row[Set.Label(i)]).Average();
        EvaluationResult result = Evaluate(model.ToOnnx(), batchSize: 16);
        Assert.Multiple(() =>
        {
            Assert.That(result.Samples, Is.EqualTo(50));
            Assert.That(result.Accuracy, Is.EqualTo(ranks.Count(r => r == 0) / 50.0));
            Assert.That(result.Top5, Is.EqualTo(ranks.Count(r => r < 5) / 50.0).And.GreaterThan(result.Accuracy));
            Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5));
        });
    }

    [Test]
    public void A_model_for_one_batch_size_is_measured_like_a_free_one()
    {
        Model free = Model.Initialize(Network, seed: 4), bound = new(Network.WithBatch(16), free.Weights);
        Assert.That(Evaluate(bound.ToOnnx(), batchSize: 7), Is.EqualTo(Evaluate(free.ToOnnx(), batchSize: 16)));
    }

    [Test]
    public void A_softmax_at_the_end_is_not_taken_twice()
    {
        Value Scores(Value x) => x.Flatten().Dense(8, name: "scores");
        Network plain = Scores(Graph.Network.Input("image", 1, 12, 12)).Build("plain"), soft = Scores(Graph.Network.Input("image", 1, 12, 12)).Softmax().Build("soft");
        Model model = Model.Initialize(plain, seed: 1);
        Assert.That(
            Evaluate(new Model(soft, model.Weights).ToOnnx(), 50).Loss, Is.EqualTo(Evaluate(model.ToOnnx(), 50).Loss).Within(1e-5));
    }

    [Test]
    public void Pictures_of_another_size_are_refused()
    {
        using var evaluator = new Evaluator(Model.Initialize(Network).ToOnnx(), Device.Cpu);
        Assert.That(
            () => evaluator.Evaluate(Digits.Of(3, classes: 8, side: 13), Normalization.ScaleOnly(1)),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("1x12x12").And.Message.Contains("1x13x13"));
    }

    [Test]
    public void Too_few_classes_are_refused()
    {
        using var evaluator = new Evaluator(Model.Initialize(Digits.Network(classes: 4)).ToOnnx(), Device.Cpu);
        Assert.That(
            () => evaluator.Evaluate(Set, Normalization.ScaleOnly(1)),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("tells 4 classes apart").And.Message.Contains("has 8"));
    }

    [Test]
    public void A_model_that_takes_no_pictures_is_refused()
    {
        OnnxModel vectors = Model.Initialize(Graph.Network.Input("features", 6).Dense(3).Build("vectors")).ToOnnx();
        Assert.That(() => new Evaluator(vectors, Device.Cpu), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("no picture classifier").And.Message.Contains("features"));
    }

    private static EvaluationResult Evaluate(OnnxModel model, int batchSize)
    {
        using var evaluator = new Evaluator(model, Device.Cpu);
        return evaluator.Evaluate(Set, Normalization.ScaleOnly(1), batchSize);
    }

    private static float[] Scores(Model model, int sample)
    {
        Network bound = Network.WithBatch(1);
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(bound.Parameters.Select(p => ((Value)p, model.Weights[p.Name])));
        feeds[bound.Inputs[0]] = TensorData.Of<float>([.. Set.Image(sample).ToArray().Select(b => b / 255f)], bound.Inputs[0].Shape.Sizes());
        using var runner = new GraphRunner([bound.Outputs[0]]);
        return runner.Run(feeds)[0].Span<float>().ToArray();
    }
}
