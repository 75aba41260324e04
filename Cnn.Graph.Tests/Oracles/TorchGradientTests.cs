using System.Text.Json;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Values and gradients of single operators against PyTorch in double precision, where it is installed.</summary>
[Category("Oracle")]
public class TorchGradientTests
{
    /// <summary>
    /// A case of the gradient tables, by name, and the same function in PyTorch; v holds the inputs, then weight and bias.
    /// </summary>
    private static readonly Dictionary<string, string> Expressions = new()
    {
        ["conv"] = "F.conv2d(*v)",
        ["conv: no bias"] = "F.conv2d(*v)",
        ["conv: padding"] = "F.conv2d(*v, padding=1)",
        ["conv: asymmetric padding"] = "F.conv2d(F.pad(v[0], (0, 2, 2, 1)), v[1], v[2])",
        ["conv: stride"] = "F.conv2d(*v, stride=2)",
        ["conv: stride that leaves pixels out"] = "F.conv2d(*v, stride=2)",
        ["conv: stride beyond the kernel"] = "F.conv2d(*v, stride=3)",
        ["conv: two strides"] = "F.conv2d(*v, stride=(2, 3), padding=1)",
        ["conv: same, even kernel"] = "F.conv2d(*v, padding='same')",
        ["conv: same, dilation"] = "F.conv2d(*v, padding='same', dilation=2)",
        ["conv: same, stride"] = "F.conv2d(F.pad(v[0], (0, 1, 0, 1)), v[1], v[2], stride=2)",
        ["conv: same lower, stride"] = "F.conv2d(F.pad(v[0], (1, 0, 1, 0)), v[1], v[2], stride=2)",
        ["conv: dilation"] = "F.conv2d(*v, dilation=2)",
        ["conv: two dilations, stride, padding"] = "F.conv2d(*v, stride=2, padding=2, dilation=(2, 3))",
        ["conv: groups"] = "F.conv2d(*v, groups=2)",
        ["conv: groups, stride, padding"] = "F.conv2d(*v, stride=2, padding=1, groups=2)",
        ["conv: depthwise"] = "F.conv2d(*v, padding=1, groups=3)",
        ["conv: depthwise, two kernels a channel"] = "F.conv2d(*v, groups=3)",
        ["conv: 1x1, stride"] = "F.conv2d(*v, stride=2)",
        ["conv: 1x7"] = "F.conv2d(*v, padding=(0, 3))",
        ["conv: kernel as large as the picture"] = "F.conv2d(*v)",
        ["conv: the same kernels twice"] = "F.conv2d(F.conv2d(*v, padding=1), v[1], padding=1)",
        ["conv 1-D: stride and asymmetric padding"] = "F.conv1d(F.pad(v[0], (2, 1)), v[1], v[2], stride=2)",
        ["conv 1-D: same, dilation"] = "F.conv1d(*v, padding='same', dilation=2)",
        ["conv 1-D: groups, no bias"] = "F.conv1d(*v, groups=2)",
        ["conv 3-D"] = "F.conv3d(*v)",
        ["conv 3-D: stride and padding"] = "F.conv3d(*v, stride=(1, 2, 2), padding=1)",
        ["conv 3-D: dilation"] = "F.conv3d(*v, dilation=(1, 2, 2))",
        ["conv 3-D: depthwise"] = "F.conv3d(*v, groups=2)",
        ["batch norm: pictures"] = "F.batch_norm(v[0], None, None, v[1], v[2], True)",
        ["batch norm: features"] = "F.batch_norm(v[0], None, None, v[1], v[2], True)",
        ["batch norm: signals"] = "F.batch_norm(v[0], None, None, v[1], v[2], True)",
        ["batch norm: volumes"] = "F.batch_norm(v[0], None, None, v[1], v[2], True)",
        ["batch norm: large epsilon"] = "F.batch_norm(v[0], None, None, v[1], v[2], True, eps=0.5)",
        ["batch norm: no scale"] = "F.batch_norm(v[0], None, None, None, v[1], True)",
        ["batch norm: no shift"] = "F.batch_norm(v[0], None, None, v[1], None, True)",
        ["batch norm: behind a convolution"] = "torch.tanh(F.batch_norm(F.conv2d(v[0], v[1]), None, None, v[2], v[3], True))",
        ["conv transpose"] = "F.conv_transpose2d(*v)",
        ["conv transpose: no bias"] = "F.conv_transpose2d(*v)",
        ["conv transpose: stride"] = "F.conv_transpose2d(*v, stride=2)",
        ["conv transpose: stride beyond the kernel"] = "F.conv_transpose2d(*v, stride=3)",
        ["conv transpose: padding"] = "F.conv_transpose2d(*v, padding=1)",
        ["conv transpose: asymmetric padding"] = "F.conv_transpose2d(*v, stride=2)[:, :, :-2, 1:-1]",
        ["conv transpose: output padding"] = "F.conv_transpose2d(*v, stride=(2, 3), padding=1, output_padding=(1, 2))",
        ["conv transpose: dilation"] = "F.conv_transpose2d(*v, dilation=(2, 3))",
        ["conv transpose: groups"] = "F.conv_transpose2d(*v, groups=2)",
        ["conv transpose: depthwise"] = "F.conv_transpose2d(*v, stride=2, groups=3)",
        ["conv transpose: all at once"] =
            "F.conv_transpose2d(*v, stride=(2, 3), padding=(1, 0), output_padding=(1, 2), dilation=(2, 1), groups=2)",
        ["conv transpose: same"] = "F.conv_transpose2d(*v, stride=2)[:, :, :-1, :-1]",
        ["conv transpose: same lower"] = "F.conv_transpose2d(*v)[:, :, 2:-1, 2:-1]",
        ["conv transpose: kernels from elsewhere"] = "F.conv_transpose2d(*v, stride=2)",
        ["conv transpose: back with the same kernels"] = "F.conv_transpose2d(F.conv2d(*v, stride=2), v[1], stride=2)",
        ["conv transpose 1-D"] = "F.conv_transpose1d(*v, stride=2, padding=1, output_padding=1)",
        ["conv transpose 3-D"] = "F.conv_transpose3d(*v, stride=(1, 2, 1))[:, :, :, 1:, 1:-1]",
        ["depthwise"] = "F.conv2d(*v, padding=1, groups=3)",
        ["depthwise: multiplier, stride, dilation"] = "F.conv2d(*v, stride=2, dilation=2, groups=2)",
        ["separable"] = "F.conv2d(F.conv2d(v[0], v[1], padding=1, groups=3), v[2], v[3])",
        ["separable: multiplier, stride, dilation"] = "F.conv2d(F.conv2d(v[0], v[1], stride=2, dilation=(1, 2), groups=2), v[2])",
        ["factorized"] = "F.conv2d(F.conv2d(v[0], v[1]), v[2], v[3], padding=1, groups=4)",
        ["factorized: stride, dilation"] = "F.conv2d(F.conv2d(v[0], v[1]), v[2], stride=2, dilation=(2, 1), groups=3)",
        ["true conv"] = "F.conv2d(v[0], v[1].flip(2, 3), v[2], padding=1)",
        ["true conv: groups, stride, dilation"] = "F.conv2d(v[0], v[1].flip(2, 3), stride=2, dilation=2, groups=2)",
        ["dense as conv"] = "F.linear(v[0].flatten(1), v[1].flatten(1), v[2])[:, :, None, None]",
        ["partial conv"] = "F.conv2d(v[0], partial(v[1]), v[2])",
        ["partial conv: padding, stride, dilation, no bias"] = "F.conv2d(v[0], partial(v[1]), stride=2, padding=2, dilation=2)",
        ["conv 1-D: kernels from elsewhere"] = "F.conv1d(*v, stride=2, padding=1)",
        ["conv 3-D: kernels from elsewhere"] = "F.conv3d(*v, stride=(1, 2, 1), groups=2)",
        ["dense: matrix from elsewhere"] = "F.linear(*v)",
        ["max pool: tiles"] = "F.max_pool2d(v[0], 2)",
        ["max pool: overlap, 3x3 by 2"] = "F.max_pool2d(v[0], 3, 2)",
        ["max pool: stride 1"] = "F.max_pool2d(v[0], 2, 1)",
        ["max pool: oblong window"] = "F.max_pool2d(v[0], (1, 3), (2, 1))",
        ["max pool: one pixel of four"] = "F.max_pool2d(v[0], 1, 2)",
        ["max pool: behind a border"] = "F.max_pool2d(F.pad(v[0] - 16, (1, 1, 1, 1)), 2)",
        ["max pool: padding behind a border"] = "F.max_pool2d(F.pad(v[0] - 16, (1, 1, 1, 1)), 3, 3, 1)",
        ["max pool: padding"] = "F.max_pool2d(v[0], 3, 2, 1)",
        ["max pool: padding around negative numbers"] = "F.max_pool2d(v[0] - 16, 3, 2, 1)",
        ["max pool: dilation"] = "F.max_pool2d(v[0], 3, 1, dilation=2)",
        ["max pool: rounded up"] = "F.max_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["max pool: rounded up, padding"] = "F.max_pool2d(v[0], 3, 2, 1, ceil_mode=True)",
        ["max pool: rounded up, a window behind the end left out"] = "F.max_pool2d(v[0], 2, 2, 1, ceil_mode=True)",
        ["max pool: rounded up, dilation"] = "F.max_pool2d(v[0], 2, 2, dilation=2, ceil_mode=True)",
        ["max pool 1-D"] = "F.max_pool1d(v[0], 3, 2)",
        ["max pool 1-D: dilation"] = "F.max_pool1d(v[0], 3, 1, 1, dilation=2)",
        ["max pool 3-D"] = "F.max_pool3d(v[0], 2)",
        ["max pool 3-D: rounded up, padding"] = "F.max_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True)",
        ["max pool 3-D: dilation"] = "F.max_pool3d(v[0], 2, (1, 2, 1), dilation=(2, 1, 3))",
        ["global max pool"] = "F.adaptive_max_pool2d(v[0], 1)",
        ["global max pool: signals"] = "F.adaptive_max_pool1d(v[0], 1)",
        ["global max pool: volumes"] = "F.adaptive_max_pool3d(v[0], 1)",
        ["average pool: tiles"] = "F.avg_pool2d(v[0], 2)",
        ["average pool: overlap, 3x3 by 2"] = "F.avg_pool2d(v[0], 3, 2)",
        ["average pool: one pixel of four"] = "F.avg_pool2d(v[0], 1, 2)",
        ["average pool: behind a border as wide as the window"] = "F.avg_pool2d(F.pad(v[0], (2, 2, 2, 2)), 2)",
        ["average pool: one pixel of four, behind a border"] = "F.avg_pool2d(F.pad(v[0], (1, 1, 1, 1)), 1, 2)",
        ["average pool: padding behind a border"] =
            "F.avg_pool2d(F.pad(v[0], (2, 2, 2, 2)), 3, 1, 1, count_include_pad=False)",
        ["average pool: padding, zeros counted"] = "F.avg_pool2d(v[0], 3, 2, 1)",
        ["average pool: padding, zeros not counted"] = "F.avg_pool2d(v[0], 3, 2, 1, count_include_pad=False)",
        ["lrn: 1 channels of 6"] = "F.local_response_norm(v[0], 1, 3)",
        ["lrn: 2 channels of 6"] = "F.local_response_norm(v[0], 2, 3)",
        ["lrn: 3 channels of 6"] = "F.local_response_norm(v[0], 3, 3)",
        ["lrn: 4 channels of 6"] = "F.local_response_norm(v[0], 4, 3)",
        ["lrn: 11 channels of 6"] = "F.local_response_norm(v[0], 11, 3)",
        ["lrn: 12 channels of 6"] = "F.local_response_norm(v[0], 12, 3)",
        ["lrn: 2 channels of 6, extra behind"] = "F.local_response_norm(v[0].flip(1), 2, 3).flip(1)",
        ["lrn: 4 channels of 6, extra behind"] = "F.local_response_norm(v[0].flip(1), 4, 3).flip(1)",
        ["lrn: undivided"] = "F.local_response_norm(v[0], 3, 0.5 * 3, 1.5, 2)",
        ["lrn: undivided, even"] = "F.local_response_norm(v[0], 4, 0.5 * 4, 1.5, 2)",
        ["layer norm: features"] = "F.layer_norm(v[0], v[1].shape, *v[1:])",
        ["layer norm: sequences"] = "F.layer_norm(v[0], v[1].shape, *v[1:])",
        ["layer norm: pictures"] = "F.layer_norm(v[0], v[1].shape, *v[1:])",
        ["layer norm: volumes"] = "F.layer_norm(v[0], v[1].shape, *v[1:], eps=0.1)",
        ["layer norm: last axis"] = "F.layer_norm(v[0], [4], *v[1:])",
        ["layer norm: last two axes of four"] = "F.layer_norm(v[0], [3, 2], *v[1:])",
        ["layer norm: not affine"] = "F.layer_norm(v[0], [5])",
        ["instance norm: sequences"] = "F.instance_norm(v[0], weight=v[1], bias=v[2])",
        ["instance norm: pictures"] = "F.instance_norm(v[0], weight=v[1], bias=v[2])",
        ["instance norm: volumes"] = "F.instance_norm(v[0], weight=v[1], bias=v[2], eps=0.1)",
        ["instance norm: not affine"] = "F.instance_norm(v[0])",
        ["group norm: features"] = "F.group_norm(v[0], 2, *v[1:])",
        ["group norm: sequences"] = "F.group_norm(v[0], 2, *v[1:])",
        ["group norm: pictures"] = "F.group_norm(v[0], 3, *v[1:])",
        ["group norm: volumes"] = "F.group_norm(v[0], 2, *v[1:], eps=0.1)",
        ["group norm: one group"] = "F.group_norm(v[0], 1, *v[1:])",
        ["group norm: not affine"] = "F.group_norm(v[0], 2)",
        ["average pool: rounded up"] = "F.avg_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["average pool: rounded up, padding not counted"] = "F.avg_pool2d(v[0], 3, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool: rounded up, padding counted"] = "F.avg_pool2d(v[0], 3, 2, 1, ceil_mode=True)",
        ["average pool: rounded up, no padding to count"] = "F.avg_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["average pool: rounded up, a window behind the end left out"] =
            "F.avg_pool2d(v[0], 2, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool 1-D"] = "F.avg_pool1d(v[0], 3, 2)",
        ["average pool 1-D: rounded up, padding counted"] = "F.avg_pool1d(v[0], 3, 2, 1, ceil_mode=True)",
        ["average pool 1-D: rounded up, padding not counted"] = "F.avg_pool1d(v[0], 3, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool 3-D"] = "F.avg_pool3d(v[0], 2)",
        ["average pool 3-D: rounded up, padding counted"] = "F.avg_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True)",
        ["average pool 3-D: rounded up, padding not counted"] =
            "F.avg_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True, count_include_pad=False)",
        ["global average pool"] = "F.adaptive_avg_pool2d(v[0], 1)",
        ["global average pool: signals"] = "F.adaptive_avg_pool1d(v[0], 1)",
        ["adaptive average pool"] = "F.adaptive_avg_pool2d(v[0], (4, 2))",
        ["adaptive average pool: tiles"] = "F.adaptive_avg_pool2d(v[0], (2, 4))",
        ["adaptive average pool: larger"] = "F.adaptive_avg_pool2d(v[0], (5, 3))",
        ["global average pool: volumes"] = "F.adaptive_avg_pool3d(v[0], 1)",
        ["L2 pool: tiles"] = "F.lp_pool2d(v[0], 2, 2)",
        ["L2 pool: overlap"] = "F.lp_pool2d(v[0], 2, 3, 2)",
        ["L2 pool: rounded up, padding"] = "F.lp_pool2d(F.pad(v[0], (1, 2, 1, 2)), 2, 3, 2)",
        ["median pool: 3x3 by 2"] = "F.unfold(v[0], 3, stride=2).view(2, 2, 9, -1).median(2)[0].view(2, 2, 3, 2)",
        ["median pool: stride 1"] = "F.unfold(v[0], 3).view(1, 2, 9, -1).median(2)[0].view(1, 2, 3, 3)",
        ["median pool: even"] = "F.unfold(v[0], 2, stride=2).view(1, 2, 4, -1).quantile(0.5, 2).view(1, 2, 2, 2)",
        ["median pool: even, overlap"] = "F.unfold(v[0], (2, 3), stride=(1, 2)).view(1, 2, 6, -1).quantile(0.5, 2).view(1, 2, 3, 2)",
        ["distance-weighted pool"] = "F.conv2d(v[0], gauss(3, 3, 1, 3), stride=2, groups=3)",
        ["distance-weighted pool: sigma, oblong window"] = "F.conv2d(v[0], gauss(2, 3, 0.75, 2), stride=(2, 3), groups=2)",
        ["distance-weighted pool: padding"] =
            "(lambda weighted: weighted(v[0]) / weighted(torch.ones_like(v[0])))" +
            "(lambda x: F.conv2d(x, gauss(3, 3, 1, 2), stride=2, padding=1, groups=2))",
        ["stochastic pool in use: overlap"] = "F.avg_pool2d(v[0] ** 2, 3, 2) / F.avg_pool2d(v[0], 3, 2)",
        ["trainable subsampling"] = "4 * F.avg_pool2d(v[0], 2) * v[1] + v[2]",
        ["unfold"] = "F.unfold(v[0], 3)",
        ["unfold: stride, padding, dilation"] = "F.unfold(v[0], (2, 3), dilation=2, padding=1, stride=(2, 1))",
        ["fold"] = "F.fold(v[0], 4, 2)",
        ["fold: stride, padding, dilation"] = "F.fold(v[0], 6, (2, 3), dilation=2, padding=1, stride=(2, 1))",
        ["fold: pixels that no window saw"] = "F.fold(v[0], (6, 7), 2, stride=3)",
        ["locally connected"] = "local(v[0], v[1], 2, 3).view(2, 2, 2, 3) + v[2]",
        ["locally connected: stride, padding, no bias"] = "local(v[0], v[1], 3, (3, 2), stride=2, padding=1).view(2, 3, 3, 4)",
        ["dense"] = "F.linear(*v)",
        ["gemm: A·B, alpha 0.5, beta 3, C [4]"] = "3 * v[2] + 0.5 * v[0] @ v[1]",
        ["gemm: Aᵀ·Bᵀ, alpha -2, beta 0.25, C [4]"] = "0.25 * v[2] - 2 * v[0].T @ v[1].T",
        ["rbf output"] = "-((v[0][:, None] - v[1]) ** 2).sum(2)",
        ["matmul: batches broadcast on both sides"] = "v[0] @ v[1]",
        ["relu"] = "F.relu(v[0])",
        ["relu6"] = "F.relu6(8 * v[0])",
        ["leaky relu"] = "F.leaky_relu(v[0], 0.2)",
        ["sigmoid"] = "torch.sigmoid(4 * v[0])",
        ["tanh"] = "torch.tanh(2 * v[0])",
        ["scaled tanh"] = "1.7159 * torch.tanh(2 / 3 * 2 * v[0])",
        ["abs"] = "v[0].abs()",
        ["square"] = "v[0].square()",
        ["pow: a root"] = "v[0].pow(0.3)",
        ["pow: a negative power"] = "v[0].pow(-0.75)",
        ["pow: the cube of numbers of both signs"] = "v[0].pow(3)",
        ["pow: zero"] = "v[0].pow(0)",
        ["erf"] = "torch.erf(v[0])",
        ["stop gradient"] = "v[0] + 0 * v[0].detach()",
        ["prelu: features"] = "F.prelu(v[0], v[1])",
        ["prelu: channels"] = "F.prelu(v[0], v[1].flatten())",
        ["prelu: one slope"] = "F.prelu(v[0], v[1])",
        ["prelu: volumes"] = "F.prelu(v[0], v[1].flatten())",
        ["elu: both sides"] = "F.elu(v[0] - 1.25) + F.elu(2 * (v[0] + 1.25))",
        ["elu: alpha"] = "F.elu(v[0] - 1.25, 0.4) + F.elu(2 * (v[0] + 1.25), 0.4)",
        ["gelu"] = "F.gelu(2 * v[0])",
        ["gelu: approximate"] = "F.gelu(2 * v[0], approximate='tanh')",
        ["silu"] = "F.silu(4 * v[0])",
        ["softmax: channels"] = "F.softmax(v[0], 1)",
        ["log softmax: rows"] = "F.log_softmax(2 * v[0], -1)",
        ["div: row and column"] = "v[0] / v[1]",
        ["concat: channels"] = "torch.cat(v, 1)",
        ["slice: steps"] = "v[0][:, ::2]",
        ["slice: steps that leave an end out"] = "v[0][:, :, 1:7:3]",
        ["slice: negative start and end"] = "v[0][:, -5:-1:2]",
        ["slice: one element far on"] = "v[0][3::4]",
        ["slice: steps along two axes"] = "v[0][:, :, :5:2, 1:6:3]",
        ["split"] = "(lambda a, b, c: torch.cat((c, a, 2 * b), 1))(*v[0].split((1, 3, 2), 1))",
        ["crop"] = "v[0][:, :, 1:-2, :-3]",
        ["center crop"] = "v[0][:, :, 1:3, 1:5]",
        ["transpose: by its layer"] = "v[0].permute(3, 0, 2, 1)",
        ["channels first"] = "v[0].movedim(-1, 1)",
        ["channels last: volumes"] = "v[0].movedim(1, -1)",
        ["flip: one axis"] = "v[0].flip(-1)",
        ["flip: two axes"] = "v[0].flip(2, 3)",
        ["pad: zeros"] = "F.pad(v[0], (0, 3, 1, 2))",
        ["pad: reflected"] = "F.pad(v[0], (2, 2, 2, 2), mode='reflect')",
        ["pad: reflected, asymmetric"] = "F.pad(v[0], (0, 4, 3, 1), mode='reflect')",
        ["pad: edge"] = "F.pad(v[0], (2, 2, 2, 2), mode='replicate')",
        ["pad: edge, asymmetric, wider than the picture"] = "F.pad(v[0], (0, 5, 3, 1), mode='replicate')",
        ["upsample: nearest"] = "F.interpolate(v[0], scale_factor=2)",
        ["upsample: nearest, one axis"] = "F.interpolate(v[0], scale_factor=(1, 3))",
        ["upsample: bilinear"] = "F.interpolate(v[0], scale_factor=2, mode='bilinear')",
        ["upsample: bilinear, two factors"] = "F.interpolate(v[0], scale_factor=(3, 1), mode='bilinear')",
        ["upsample: bilinear, corners aligned"] = "F.interpolate(v[0], scale_factor=2, mode='bilinear', align_corners=True)",
        ["upsample: bilinear, of one pixel"] = "F.interpolate(v[0], scale_factor=3, mode='bilinear')",
        ["resize: nearest"] = "F.interpolate(v[0], (5, 7))",
        ["resize: nearest, smaller"] = "F.interpolate(v[0], (3, 4))",
        ["resize: nearest, one axis repeated"] = "F.interpolate(v[0], (6, 5))",
        ["resize: bilinear"] = "F.interpolate(v[0], (7, 8), mode='bilinear')",
        ["resize: bilinear, smaller"] = "F.interpolate(v[0], (3, 4), mode='bilinear')",
        ["resize: bilinear, corners aligned"] = "F.interpolate(v[0], (7, 3), mode='bilinear', align_corners=True)",
        ["resize: bilinear, to one pixel"] = "F.interpolate(v[0], (1, 1), mode='bilinear')",
        ["resize: bilinear, to one pixel, corners aligned"] = "F.interpolate(v[0], (1, 1), mode='bilinear', align_corners=True)",
        ["gram"] = "torch.einsum('nchw,ndhw->ncd', v[0], v[0])",
        ["gram: by positions"] = "torch.einsum('nchw,ndhw->ncd', v[0], v[0]) / 6",
        ["gram: by elements"] = "torch.einsum('nchw,ndhw->ncd', v[0], v[0]) / 18",
        ["average"] = "torch.stack(v).mean(0)",
        ["shortcut A: stride and channels"] = "F.pad(v[0][:, :, ::2, ::2], (0, 0, 0, 0, 0, 3))",
        ["shortcut A: zeros on both sides"] = "F.pad(v[0], (0, 0, 0, 0, 1, 2))",
        ["shortcut B: stride and channels"] = "F.conv2d(*v, stride=2)",
        ["shortcut C: nothing changes, biases"] = "2 * F.conv2d(*v)",
        ["reuse"] = "(lambda tower: tower(v[0]) * tower(v[1]))(lambda x: F.conv2d(F.conv2d(x, v[2], v[3]), v[4], v[5]))",
        ["loss: softmax cross-entropy"] = "F.cross_entropy(v[0], labels)",
        ["loss: softmax cross-entropy: smoothed"] = "F.cross_entropy(v[0], labels, label_smoothing=0.1)",
        ["loss: softmax cross-entropy: class weights"] = "F.cross_entropy(v[0], labels, weight=classes)",
        ["loss: softmax cross-entropy: an ignored label"] = "F.cross_entropy(v[0], labels, ignore_index=2)",
        ["loss: softmax cross-entropy: all at once"] = "F.cross_entropy(v[0], labels, label_smoothing=0.2, weight=classes, ignore_index=2)",
        ["loss: maximum a posteriori"] = "(torch.log(math.exp(-0.5) + v[0].exp().sum(1)) - v[0][range(3), labels]).mean()",
        ["loss: sigmoid cross-entropy"] = "F.binary_cross_entropy_with_logits(v[0], torch.full((2, 8), 0.25).double())",
        ["loss: mean squared error"] = "F.mse_loss(v[0], torch.full((2, 8), 0.5).double())",
        ["loss: quadratic"] = "F.mse_loss(v[0], torch.full((2, 8), 0.5).double(), reduction='sum') / 2 / 2",
        ["loss: mean absolute error"] = "v[0].abs().mean()",
        ["loss: two heads"] = "F.cross_entropy(v[0], labels) + 0.3 * F.cross_entropy(v[1], labels)",
        ["mean: axes 0, 2"] = "v[0].mean((0, 2))",
    };

    private const string Script = """
        import array, json, math, sys, torch
        import torch.nn.functional as F
        folder = sys.argv[1]
        data = torch.frombuffer(bytearray(open(folder + "/in.bin", "rb").read()), dtype=torch.float32).double()
        at, out = 0, []
        labels, classes = torch.tensor([0, 2, 3]), torch.tensor([1, 2, 0.5, 3]).double()
        def partial(kernels):
            at = (torch.tensor([0, 0, 1, 2, 2]), torch.tensor([0, 1, 2, 0, 2]))
            return torch.zeros(3, 3, *kernels.shape[2:]).double().index_put(at, kernels[:, 0])
        def take(dims):
            global at
            at += math.prod(dims)
            return data[at - math.prod(dims):at].reshape(dims).clone()
        def gauss(rows, columns, sigma, channels):
            y, x = (torch.arange(n).double() - (n - 1) / 2 for n in (rows, columns))
            w = torch.exp(-(y[:, None] ** 2 + x ** 2) / (2 * sigma ** 2))
            return (w / w.sum()).expand(channels, 1, rows, columns)
        def local(x, w, outputs, kernel, **how):
            columns = F.unfold(x, kernel, **how)
            return torch.einsum("pok,nkp->nop", w.reshape(columns.shape[2], outputs, -1), columns)
        for case in json.load(open(folder + "/cases.json")):
            v = [take(dims).requires_grad_() for dims in case["leaves"]]
            r = take(case["output"])
            y = eval(case["expression"])
            assert list(y.shape) == case["output"], case
            (y * r).sum().backward()
            out += [y.detach()] + [leaf.grad for leaf in v]
        array.array("f", torch.cat([t.flatten() for t in out]).tolist()).tofile(open(folder + "/out.bin", "wb"))
        """;

    private static readonly GradientCase[] Cases =
        [.. GradientCases.All.Where(c => Expressions.ContainsKey(c.Name))];

    /// <summary>One run of Python serves all cases; what it gives is kept by case.</summary>
    private static readonly Lazy<Dictionary<string, Queue<float[]>>> Answers = new(AskTorch);

    private static IEnumerable<TestCaseData> Names => Expressions.Keys.Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    [TestCaseSource(nameof(Names))]
    public void Values_and_gradients_are_those_of_PyTorch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var answers = new Queue<float[]>(Answers.Value[name]);
        GradientCase c = Cases.Single(c => c.Name == name);
        float[] value = GraphRunner.Evaluate([c.Output], c.Feeds)[0].Floats();
        IReadOnlyList<TensorData> gradients = new GradientCheck(c.Output, c.Feeds).Automatic(c.Leaves);
        Assert.Multiple(() =>
        {
            Assert.That(Tensors.Error(value, answers.Dequeue()), Is.LessThan(1e-5), "value");
            for (int i = 0; i < gradients.Count; i++)
            {
                Assert.That(Tensors.Error(gradients[i].Floats(), answers.Dequeue()), Is.LessThan(1e-5), c.Leaves[i].Name);
            }
        });
    }

    private static Dictionary<string, Queue<float[]>> AskTorch()
    {
        using var folder = new TemporaryFolder();
        List<TensorData> data = [.. Cases.SelectMany(c => c.Leaves.Select(leaf => c.Feeds[leaf]).Append(new GradientCheck(c.Output, c.Feeds).Weights))];
        folder.Write("in.bin", [.. data.SelectMany(t => t.Bytes.ToArray())]);
        folder.Write("cases.json", JsonSerializer.SerializeToUtf8Bytes(Cases.Select(c => new
        {
            expression = Expressions[c.Name], leaves = c.Leaves.Select(leaf => leaf.Shape.Sizes()), output = c.Output.Shape.Sizes(),
        })));
        Python.Run("torch", Script, folder.Path);
        float[] numbers = folder.ReadFloats("out.bin");
        int at = 0;
        return Cases.ToDictionary(c => c.Name, c => new Queue<float[]>(
            c.Leaves.Prepend(c.Output).Select(v => numbers[at..(at += (int)v.Shape.CountPerSample())])));
    }
}
