using Cnn.Graph.Architectures;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>
/// Thirty steps in ONNX Runtime Training against thirty steps here, from the same numbers on the same batches with the same noise: losses,
/// parameters and gathered statistics, and the loss of the network as it is used.
/// </summary>
[Category("OrtTraining")]
public class ArtifactTrainingTests
{
    private const int Steps = 30;

    /// <summary>The rate that the runtime for browsers has, and cannot be told otherwise.</summary>
    private const double RateThere = 1e-3;

    [TestCase("sgd")]
    [TestCase("momentum")]
    [TestCase("classical")]
    [TestCase("dampened")]
    [TestCase("rmsprop")]
    [TestCase("adam")]
    [TestCase("adamw")]
    public void LeNet5_trains_alike(string optimizer) =>
        Compare(LeNet.Modern.Build(), Loss.SoftmaxCrossEntropy(labelSmoothing: 0.1), Named(optimizer));

    [TestCase("sgd")]
    [TestCase("momentum")]
    [TestCase("classical")]
    public void The_rate_of_the_runtime_counts_unless_it_is_fixed(string optimizer) => Compare(
        Digits.Network(),
        Loss.SoftmaxCrossEntropy(),
        Named(optimizer) with { LearningRate = RateThere, Groups = new(new ParameterGroup("*") { RateFactor = 30 }) },
        isRateFixed: false);

    [Test]
    public void Masks_and_other_noise_are_fed() =>
        Compare(Digits.NoisyNetwork(), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9));

    [Test]
    public void Frozen_parameters_stay_and_averages_without_their_start_are_gathered() => Compare(
        Digits.Network(average: RunningAverage.Debiased(0.9)),
        Loss.SoftmaxCrossEntropy(),
        Optimizer.AdamW(0.01) with { Groups = new(ParameterGroup.Frozen("conv1/*")) });

    [Test]
    public void Clipping_penalties_and_groups_are_in_the_gradients() => Compare(
        Digits.Network(),
        Loss.SoftmaxCrossEntropy() with { Penalties = new(Penalty.L2(0.01)) },
        Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.01) with
        {
            Clipping = GradientClipping.GlobalNorm(0.5), Groups = new(ParameterGroup.BiasesAsInAlexNet),
        });

    [Test]
    public void Several_batches_make_a_step() => Compare(
        Digits.Network(), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 0.01) with { AccumulationSteps = 3 });

    /// <summary>Small: the fewer rectifiers, the less likely that one is so near its kink that the last digit decides its side.</summary>
    [Test]
    public void Batch_normalization_gathers_its_statistics_in_a_residual_network() => Compare(
        Architecture.Find("resnet20-cifar-b").Build(classes: 4, [3, 8, 8], width: 0.25),
        Loss.SoftmaxCrossEntropy(),
        Optimizer.Sgd(0.001, momentum: 0.9, weightDecay: 1e-4),
        batch: 8);

    [Test]
    public void GoogLeNet_trains_with_its_auxiliary_classifiers()
    {
        Architecture googlenet = Architecture.Find("googlenet-bvlc-aux");
        Recipe recipe = googlenet.Recipe;
        Compare(googlenet.Build(classes: 4, [3, 80, 80], width: 0.125), recipe.Loss, recipe.Optimizer with { LearningRate = 0.001 }, batch: 8);
    }

    /// <summary>The first steps here, the others there: rates, moments and the number of steps done count in all that follows.</summary>
    [TestCase("momentum")]
    [TestCase("classical")]
    [TestCase("rmsprop")]
    [TestCase("adam")]
    [TestCase("adamw")]
    public void A_training_goes_on_there(string optimizer)
    {
        using var here = new StepsHere(LeNet.Modern.Build(), Loss.SoftmaxCrossEntropy(), Named(optimizer));
        here.Train(6);
        TrainingArtifacts artifacts = here.Artifacts();
        here.Train(Steps - 6);

        here.AssertAlike(OrtRuntime.Train(artifacts, here.Feeds.Skip(6), here.FirstBatch));
    }

    /// <summary>It is written with Google's FlatBuffers, which lay it out otherwise than this library.</summary>
    [Test]
    public void A_checkpoint_that_was_trained_there_comes_back_as_a_model()
    {
        using var folder = new TemporaryFolder();
        Network network = Digits.Network(average: RunningAverage.Debiased(0.9));
        Optimizer optimizer = Optimizer.AdamW(0.01) with { Groups = new(ParameterGroup.Frozen("conv1/bias")) };
        using var here = new StepsHere(network, Loss.SoftmaxCrossEntropy(), optimizer);
        TrainingArtifacts artifacts = here.Artifacts();
        here.Train(Steps);

        OrtRun run = OrtRuntime.Train(artifacts, here.Feeds, here.FirstBatch, checkpoint: folder["checkpoint"]);
        Model back = OrtCheckpoint.Load(folder["checkpoint"]).ToModel(network);
        back.SaveOnnx(folder["back.onnx"]);

        here.AssertAlike(run);
        Assert.That(here.LossInUse(Model.Load(network, folder["back.onnx"])), Is.EqualTo(run.Eval["loss"].Floats()[0]).Within(1e-6));
    }

    [Test]
    public void Noise_is_drawn_anew_at_every_step()
    {
        using var here = new StepsHere(Digits.NoisyNetwork(), Loss.SoftmaxCrossEntropy(), Optimizer.AdamW());
        here.Train(1);
        OrtRun Run(long seed) => OrtRuntime.Train(
            TrainingArtifacts.Of(here.Start, new() { Seed = seed }), Enumerable.Repeat(here.FirstBatch, 3), here.FirstBatch, every: 0);

        OrtRun run = Run(1);
        Assert.That(run.Inputs.Take(2), Is.EqualTo(new[] { "image", "label" }));
        Assert.That(run.Losses, Is.Unique);
        Assert.That(Run(1).Losses, Is.EqualTo(run.Losses));
        Assert.That(Run(2).Losses, Is.Not.EqualTo(run.Losses));
    }

    private static Optimizer Named(string name) => name switch
    {
        "sgd" => Optimizer.Sgd(0.05, weightDecay: 1e-3),
        "momentum" => Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 1e-3),
        "classical" => Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 1e-3, MomentumForm.Classical),
        "dampened" => Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-3, MomentumForm.Dampened),
        "rmsprop" => Optimizer.RmsProp(1e-3, epsilon: 1e-3, weightDecay: 1e-3),
        "adam" => Optimizer.Adam(1e-3, epsilon: 1e-5, weightDecay: 1e-3),
        _ => Optimizer.AdamW(1e-3, epsilon: 1e-5),
    };

    private static void Compare(Network network, Loss loss, Optimizer optimizer, int batch = 16, bool isRateFixed = true)
    {
        using var here = new StepsHere(network, loss, optimizer, batch);
        TrainingArtifacts artifacts = here.Artifacts(isRateFixed);
        here.Train(Steps);

        here.AssertAlike(OrtRuntime.Train(artifacts, here.Feeds, here.FirstBatch, optimizer.AccumulationSteps));
    }
}
