using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

public class TrainingArtifactsTests
{
    private static readonly string[] Names =
        ["conv1_weight", "conv1_bias", "batch_norm1_scale", "batch_norm1_shift", "dense1_weight", "dense1_bias"];

    private static readonly string[] Gathered = ["batch_norm1_mean", "batch_norm1_variance"];

    [Test]
    public void Inputs_and_outputs_are_those_that_the_runtime_looks_for()
    {
        TrainingArtifacts artifacts = Artifacts(Optimizer.AdamW());

        Assert.That(artifacts.TrainingModel.Inputs.Select(i => i.Name), Is.EqualTo(
            (string[])["image", "label", .. Names, .. Gathered, .. Names.Select(n => $"{n}_grad.accumulation.buffer"), "lazy_reset_grad"]));
        Assert.That(artifacts.TrainingModel.Outputs.Select(o => o.Name), Is.EqualTo(
            (string[])["loss", "correct", .. Names.Select(n => $"{n}_grad.accumulation.out"), .. Gathered.Select(n => $"{n}.accumulation.out")]));
        Assert.That(
            artifacts.TrainingModel.Nodes.Where(n => n.OpType == "InPlaceAccumulatorV2").Take(Names.Length).Select(n => n.Inputs),
            Is.EqualTo(Names.Select(n => (string[])[$"{n}_grad.accumulation.buffer", $"{n}_grad", "lazy_reset_grad"])));
        Assert.That(artifacts.EvalModel.Inputs.Select(i => i.Name), Is.EqualTo((string[])["image", "label", .. Names, .. Gathered]));
        Assert.That(artifacts.EvalModel.Outputs.Select(o => o.Name), Is.EqualTo(new[] { "loss", "correct", "output" }));
        Assert.That(artifacts.OptimizerModel.Inputs.Select(i => i.ToString()), Is.EqualTo(new[]
        {
            "learning_rate: float[1]", "step: int64[1]", "params: seq(float)", "gradients: seq(float)", "first_order_moments: seq(float)",
            "second_order_moments: seq(float)",
        }));
        Assert.That(artifacts.Checkpoint.Trained.Keys, Is.EqualTo(Names));
        Assert.That(artifacts.Checkpoint.Frozen.Keys, Is.EqualTo(Gathered));
    }

    [Test]
    public void The_models_are_sound() => Assert.Multiple(() =>
    {
        TrainingArtifacts artifacts = Artifacts(Optimizer.Sgd(0.1, momentum: 0.9, form: MomentumForm.Classical));
        foreach (OnnxModel model in (OnnxModel[])[artifacts.TrainingModel, artifacts.EvalModel, artifacts.OptimizerModel])
        {
            Assert.That(new OnnxInspection(model).Findings, Is.Empty, model.GraphName);
        }
    });

    [Test]
    public void Every_noise_has_a_series_of_its_own()
    {
        var model = Model.Initialize(Digits.NoisyNetwork());
        float[] Seeds(long seed) => [.. TrainingArtifacts.Of(model, new() { Seed = seed }).TrainingModel.Proto.Graph.Node
            .Where(n => n.OpType == "RandomUniformLike").Select(n => n.Attribute.Single(a => a.Name == "seed").F)];

        float[] seeds = Seeds(0), others = Seeds(1);
        Assert.That(seeds, Has.Length.EqualTo(4).And.Unique);
        Assert.That(Seeds(0), Is.EqualTo(seeds));
        Assert.That(others.Intersect(seeds), Is.Empty);
    }

    [Test]
    public void Four_files_are_written_into_a_folder_that_need_not_be_there()
    {
        using var folder = new TemporaryFolder();
        Artifacts(Optimizer.AdamW()).Save(folder["new"]);
        Assert.That(folder.Files, Is.EqualTo(new[] { "new/checkpoint", "new/eval_model.onnx", "new/optimizer_model.onnx", "new/training_model.onnx" }));
        Assert.That(
            () => Artifacts(Optimizer.AdamW()).Save(folder.Write("file", [])),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("cannot be created"));
    }

    [Test]
    public void Names_that_a_file_cannot_tell_apart_are_numbered_and_find_back()
    {
        Network network = Network.Input("image", 1, 4, 4).Conv2d(2, kernel: 3, name: "a b").Flatten().Dense(3, name: "a-b").Build("alike");
        Model model = Model.Initialize(network, seed: 1);

        OrtCheckpoint checkpoint = TrainingArtifacts.Of(model).Checkpoint;

        Assert.That(checkpoint.Trained.Keys, Is.EqualTo(new[] { "a_b_weight", "a_b_bias", "a_b_weight_2", "a_b_bias_2" }));
        Assert.That(checkpoint.ToModel(network).Weights["a-b/weight"].Floats(), Is.EqualTo(model.Weights["a-b/weight"].Floats()));
    }

    [Test]
    public void Names_that_the_runtime_looks_for_are_not_taken_by_parameters()
    {
        Value label = Network.Parameter("label", [4]), loss = Network.Parameter("loss", [4]), output = Network.Parameter("output", [4]);
        Network network = Network.Input("image", 4).Multiply(label).Multiply(loss).Multiply(output).Build("names");

        TrainingArtifacts artifacts = TrainingArtifacts.Of(Model.Initialize(network));

        Assert.That(artifacts.Checkpoint.Trained.Keys, Is.EqualTo(new[] { "label_2", "loss_2", "output_2" }));
        Assert.That(artifacts.EvalModel.Inputs.Select(i => i.Name), Is.EqualTo(new[] { "image", "label", "label_2", "loss_2", "output_2" }));
        Assert.That(artifacts.Checkpoint.ToModel(network).Weights.Keys, Is.EquivalentTo(new[] { "label", "loss", "output" }));
    }

    [Test]
    public void A_training_is_handed_over_with_its_states()
    {
        Optimizer momentum = Optimizer.Sgd(0.125, momentum: 0.75) with { Groups = new(new ParameterGroup("conv1/bias") { RateFactor = 2 }) };
        using var trainer = new Trainer(Digits.Network(), new TrainingOptions { Optimizer = momentum, BatchSize = 8, MaxSteps = 3 });
        trainer.Fit(Digits.Of(32));

        OrtCheckpoint checkpoint = TrainingArtifacts.Of(trainer).Checkpoint;

        Assert.That((checkpoint.Optimizer!.Step, checkpoint.Optimizer.LearningRate), Is.EqualTo((3L, 0.125f)));
        foreach ((string name, float factor) in new[] { ("conv1/weight", 0.25f), ("conv1/bias", 0.5f) })
        {
            string there = name.Replace('/', '_');
            Assert.That(checkpoint.Trained[there].Floats(), Is.EqualTo(trainer.Model.Weights[name].Floats()), name);
            Assert.That(
                checkpoint.Optimizer.Moments[there][0].Floats(),
                Is.EqualTo(trainer.Variables[$"{name}/velocity"].Floats().Select(v => factor * v)),
                name);
            Assert.That(checkpoint.Optimizer.Moments[there][1].Floats(), Has.All.Zero, name);
        }
    }

    [Test]
    public void A_start_that_is_not_zero_is_in_a_fresh_checkpoint()
    {
        Assert.That(Artifacts(Optimizer.RmsProp()).Checkpoint.Optimizer, Is.Null);
        OrtOptimizerState state = Artifacts(Optimizer.RmsProp(initialMeanSquare: 1)).Checkpoint.Optimizer!;
        Assert.That(state.Step, Is.Zero);
        Assert.That(state.Moments["conv1_bias"].Select(m => m.Floats()[0]), Is.EqualTo(new[] { 0f, 1f }));
    }

    [Test]
    public void Sums_of_gradients_are_not_handed_over()
    {
        Optimizer optimizer = Optimizer.Sgd(0.1) with { AccumulationSteps = 2 };
        using var trainer = new Trainer(Digits.Network(), new TrainingOptions { Optimizer = optimizer, BatchSize = 8, MaxSteps = 3 });
        trainer.Fit(Digits.Of(32));
        Assert.That(
            () => TrainingArtifacts.Of(trainer),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("After 3 batches").And.Message.Contains("step of 2"));
    }

    private static IEnumerable<TestCaseData> Impossible =>
    [
        new(Optimizer.Sgd(0.1, 0.9, form: MomentumForm.Nesterov), "Nesterov"),
        new(Optimizer.Sgd(0.1, 0.9, 0.01, MomentumForm.Decoupled), "decoupled"),
        new(Optimizer.RmsProp(tensorFlow: true), "TensorFlow"),
        new(Optimizer.RmsProp(momentum: 0.9), "RMSProp with momentum"),
        new(Optimizer.Adam(amsGrad: true), "AMSGrad"),
        new(Optimizer.Adagrad(), "Adagrad"),
        new(Optimizer.AdamW() with { AveragingDecay = 0.9 }, "averages"),
        new(Optimizer.Sgd() with { AccumulationSteps = 2, Clipping = GradientClipping.GlobalNorm(1) }, "clipping"),
        new(Optimizer.Adam() with { Groups = new(new ParameterGroup("dense1/*") { RateFactor = 2 }) }, "'dense1/weight'"),
        new(Optimizer.AdamW() with { Groups = new(ParameterGroup.BiasesWithoutDecay) }, "'conv1/bias'"),
        new(Optimizer.AdamW() with { Groups = new(ParameterGroup.Frozen("*")) }, "every parameter is frozen"),
    ];

    [TestCaseSource(nameof(Impossible))]
    public void What_the_runtime_cannot_do_is_told(Optimizer optimizer, string words) =>
        Assert.That(() => Artifacts(optimizer), Throws.InstanceOf<CnnGraphException>().With.Message.Contains(words));

    [Test]
    public void Equal_decay_of_a_group_is_the_decay_of_all() => Assert.That(
        Artifacts(Optimizer.AdamW(weightDecay: 0.02) with { Groups = new(new ParameterGroup("*") { DecayFactor = 0.5 }) })
            .OptimizerModel.Proto.Graph.Node.Single().Attribute.Single(a => a.Name == "weight_decay").F,
        Is.EqualTo(0.01f));

    private static TrainingArtifacts Artifacts(Optimizer optimizer) => TrainingArtifacts.Of(
        Model.Initialize(Network.Input("image", 1, 6, 6).Conv2d(2, kernel: 3).BatchNorm().Relu().Flatten().Dense(3).Build("small")),
        new() { Optimizer = optimizer });
}
