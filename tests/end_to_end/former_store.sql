INSERT INTO disputes (tenant, id, origin, stage, status, opened_at, body) VALUES ('default', 'D-1007', '/disputes/D-1007', 'NEGOTIATION', 'OPEN', '2026-04-27T06:30:00.000000+00:00', '{"id":"D-1007","tenant":"default","declared":true,"reason":"NOT_AS_DESCRIBED","sub_reason":"misleading_listing_images","stage":"NEGOTIATION","status":"OPEN","requested_resolution":{"type":"refund","amount":"EUR 14.30","return_goods":true},"return_agreed":false,"opened_at":"2026-04-27T06:30:00+00:00","withdrawn_at":null,"closed_at":null,"buyer":{"id":"b-2714"},"seller":{"id":"s-533"},"listing_id":"L-9106","order":{"id":"8100-2433-0281","tracking":"LP00523117736QX","promised_by":null,"events":[{"type":"placed","at":"2026-04-05T15:00:00+00:00","source":"platform"},{"type":"paid","at":"2026-04-05T15:00:25+00:00","source":"platform"},{"type":"shipped","at":"2026-04-08T02:00:00+00:00","source":"seller"},{"type":"delivered","at":"2026-04-25T11:20:00+00:00","source":"carrier"}]},"evidence_requests":[],"declared_evidence":[{"file":"buyer/IMG_20260427_081530.jpg","party":"buyer","evidence_type":"photo","roles":["item"],"description":"Thin grey ware, no spoon: nothing like the picture.","submitted_at":"2026-04-27T06:33:00+00:00","received_at":null,"replaces":null,"declared_type":null},{"file":"buyer/Screenshot_2026-04-27-08-20-44.jpg","party":"buyer","evidence_type":"screenshot","roles":["listing_snapshot"],"description":"The listing when I ordered.","submitted_at":"2026-04-27T06:34:00+00:00","received_at":null,"replaces":null,"declared_type":null},{"file":"seller/original_photo.jpg","party":"seller","evidence_type":"photo","roles":["original_photos"],"description":"Our own photo of the cup in stock.","submitted_at":"2026-04-29T03:05:00+00:00","received_at":null,"replaces":null,"declared_type":null},{"file":"seller/Re_ Cup not as pictured.eml","party":"seller","evidence_type":"text","roles":["communication"],"description":"Our answer to the buyer.","submitted_at":"2026-04-29T03:07:00+00:00","received_at":null,"replaces":null,"declared_type":null}],"legal_hold":false}');
INSERT INTO evidence (tenant, id, dispute_id, file, sha256, on_listing, current, submitted_at, received_at, uploaded_at, body) VALUES ('default', 'ev-5dc61ef41f639c57e74b', 'D-1007', 'buyer/Screenshot_2026-04-27-08-20-44.jpg', 'bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1', 0, 1, '2026-04-27T06:34:00.000000+00:00', '2026-05-01T00:00:00.000000+00:00', '2026-04-27T06:34:00.000000+00:00', '{"id":"ev-5dc61ef41f639c57e74b","dispute_id":"D-1007","file":"buyer/Screenshot_2026-04-27-08-20-44.jpg","sha256":"bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1","bytes":260509,"received_at":"2026-05-01T00:00:00+00:00","tenant":"default","declared_type":"image/jpeg","party":"buyer","evidence_type":"screenshot","roles":["listing_snapshot"],"description":"The listing when I ordered.","submitted_at":"2026-04-27T06:34:00+00:00","replaces":null,"on_listing":false,"listing_id":"L-9106"}');
INSERT INTO evidence (tenant, id, dispute_id, file, sha256, on_listing, current, submitted_at, received_at, uploaded_at, body) VALUES ('default', 'ev-9f3bd4eaa89d0e875a9b', 'D-1007', 'seller/original_photo.jpg', 'e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac', 0, 1, '2026-04-29T03:05:00.000000+00:00', '2026-05-01T00:00:00.000000+00:00', '2026-04-29T03:05:00.000000+00:00', '{"id":"ev-9f3bd4eaa89d0e875a9b","dispute_id":"D-1007","file":"seller/original_photo.jpg","sha256":"e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac","bytes":70142,"received_at":"2026-05-01T00:00:00+00:00","tenant":"default","declared_type":"image/jpeg","party":"seller","evidence_type":"photo","roles":["original_photos"],"description":"Our own photo of the cup in stock.","submitted_at":"2026-04-29T03:05:00+00:00","replaces":null,"on_listing":false,"listing_id":"L-9106"}');
INSERT INTO evidence (tenant, id, dispute_id, file, sha256, on_listing, current, submitted_at, received_at, uploaded_at, body) VALUES ('default', 'ev-a8c205c55d1bd8493060', 'D-1007', 'buyer/IMG_20260427_081530.jpg', '93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965', 0, 1, '2026-04-27T06:33:00.000000+00:00', '2026-05-01T00:00:00.000000+00:00', '2026-04-27T06:33:00.000000+00:00', '{"id":"ev-a8c205c55d1bd8493060","dispute_id":"D-1007","file":"buyer/IMG_20260427_081530.jpg","sha256":"93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965","bytes":268564,"received_at":"2026-05-01T00:00:00+00:00","tenant":"default","declared_type":"image/jpeg","party":"buyer","evidence_type":"photo","roles":["item"],"description":"Thin grey ware, no spoon: nothing like the picture.","submitted_at":"2026-04-27T06:33:00+00:00","replaces":null,"on_listing":false,"listing_id":"L-9106"}');
INSERT INTO evidence (tenant, id, dispute_id, file, sha256, on_listing, current, submitted_at, received_at, uploaded_at, body) VALUES ('default', 'ev-c52aab249f668506c073', 'D-1007', 'seller/Re_ Cup not as pictured.eml', '54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b', 0, 1, '2026-04-29T03:07:00.000000+00:00', '2026-05-01T00:00:00.000000+00:00', '2026-04-29T03:07:00.000000+00:00', '{"id":"ev-c52aab249f668506c073","dispute_id":"D-1007","file":"seller/Re_ Cup not as pictured.eml","sha256":"54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b","bytes":565,"received_at":"2026-05-01T00:00:00+00:00","tenant":"default","declared_type":"message/rfc822","party":"seller","evidence_type":"text","roles":["communication"],"description":"Our answer to the buyer.","submitted_at":"2026-04-29T03:07:00+00:00","replaces":null,"on_listing":false,"listing_id":"L-9106"}');
INSERT INTO evidence (tenant, id, dispute_id, file, sha256, on_listing, current, submitted_at, received_at, uploaded_at, body) VALUES ('default', 'ev-e8ae2c6239c84acaac9a', 'D-1007', 'listing/cup.jpg', 'd741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df', 1, 1, NULL, '2026-05-01T00:00:00.000000+00:00', '2026-05-01T00:00:00.000000+00:00', '{"id":"ev-e8ae2c6239c84acaac9a","dispute_id":"D-1007","file":"listing/cup.jpg","sha256":"d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df","bytes":138721,"received_at":"2026-05-01T00:00:00+00:00","tenant":"default","declared_type":"image/jpeg","party":null,"evidence_type":null,"roles":[],"description":null,"submitted_at":null,"replaces":null,"on_listing":true,"listing_id":"L-9106"}');
INSERT INTO files (tenant, sha256, bytes) VALUES ('default', '54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b', 565);
INSERT INTO files (tenant, sha256, bytes) VALUES ('default', '93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965', 268564);
INSERT INTO files (tenant, sha256, bytes) VALUES ('default', 'bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1', 260509);
INSERT INTO files (tenant, sha256, bytes) VALUES ('default', 'd741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df', 138721);
INSERT INTO files (tenant, sha256, bytes) VALUES ('default', 'e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac', 70142);
INSERT INTO examinations (tenant, sha256, version, jail, problems, measurements, derivatives) VALUES ('default', '93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965', '8', 'process+rlimits+no-privileges+landlock7+seccomp+bubblewrap', '', '{"version":"8","detected_type":"image/jpeg","kind":"photo","problems":[],"image":{"width":2048,"height":1536,"format":"JPEG","mode":"RGB","frames":1,"orientation":1,"bits":8},"clarity":{"sharpness":0.7901723359823227,"edge_count":169169,"noise":1.0869565217391304,"luma_mean":119.71724537037036,"luma_p05":70.0,"luma_p95":150.0,"luma_std":25.82618949261219,"dark_fraction":0.0,"clipped_fraction":0.0,"flat_fraction":0.005208333333333333,"weakest":{"x":0.0,"y":0.6666666666666666,"w":0.25,"h":0.3333333333333333,"page":null,"time_s":null},"sharpness_coarse":0.7526078969240189,"sharpness_thumbnail":0.7065697610378265,"glare":null},"content":{"flat_fraction":0.0,"palette_share":0.30712890625,"text_fraction":0.0,"white_fraction":0.001953125},"fingerprint":{"algorithm":"phash256","version":"1","orientations":["9c030cf1e278f30f934b24746c3399d3194cb34cf0d9cf30c337fe7856cd0cc3","c95659b7b72da65ac61e71a53966cc964c19e619a58d9a659666ab2d03985996","c956a65bb72d59b5c61e8ede396633794c1919e6a58c659a96625cd20398a669","9c03f30ee2780cf0934fdb8b6c33662c194c4cb3f0d930cfc337098756cdf33c","b97c323e366499e6c395c617385e19d841236de7661c673c38e614ca9b09db2b","ec29676b6331ccb396c493426d0b4c8d147638b2334932696db3499fce5c8e7e","ec2998946331334c96c46cbd6d0bb3721476c74d3349dd966db3be60ce5c7181","b97ccdc136646619c39539e8385ee62745239218661cd9c338e6ef3ddb0964f4"],"abstained":null},"pixels_sha256":null,"times":[{"source":"exif:DateTimeOriginal","value":"2026:04:27 08:15:30.482+02:00","earliest":"2026-04-27T06:15:30.482000+00:00","latest":"2026-04-27T06:15:30.482000+00:00","zone_known":true,"meaning":"captured"},{"source":"exif:DateTimeDigitized","value":"2026:04:27 08:15:30","earliest":"2026-04-26T18:15:30+00:00","latest":"2026-04-27T20:15:30+00:00","zone_known":false,"meaning":"digitized"},{"source":"exif:DateTime","value":"2026:04:27 08:15:30+02:00","earliest":"2026-04-27T06:15:30+00:00","latest":"2026-04-27T06:15:30+00:00","zone_known":true,"meaning":"modified"}],"metadata":{"Make":"Lumeo","Model":"One 12","Orientation":"1","ExposureTime":"1/60","FNumber":"1.8","ISO":"125","FocalLength":"5.4"},"has_gps":false,"pages":[],"page_count":null,"video":null,"text":null,"parts":[{"number":0,"fingerprint":{"algorithm":"phash256","version":"1","orientations":["9c030cf1e278f30f934b24746c3399d3194cb34cf0d9cf30c337fe7856cd0cc3","c95659b7b72da65ac61e71a53966cc964c19e619a58d9a659666ab2d03985996","c956a65bb72d59b5c61e8ede396633794c1919e6a58c659a96625cd20398a669","9c03f30ee2780cf0934fdb8b6c33662c194c4cb3f0d930cfc337098756cdf33c","b97c323e366499e6c395c617385e19d841236de7661c673c38e614ca9b09db2b","ec29676b6331ccb396c493426d0b4c8d147638b2334932696db3499fce5c8e7e","ec2998946331334c96c46cbd6d0bb3721476c74d3349dd966db3be60ce5c7181","b97ccdc136646619c39539e8385ee62745239218661cd9c338e6ef3ddb0964f4"],"abstained":null},"region":null}],"readings":[],"readers":[],"legibility":null,"film":null,"sound":null,"seconds":[]}', '[{"kind":"preview","key":"derivatives/93/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-preview-v8.jpg","width":1024,"height":768,"sha256":"78dfd5de796474852eca139692b9a4fd6fa0b63e52a44952c0f58dc31d769827","tool":"simplejpeg/8","page":null,"time_s":null},{"kind":"thumbnail","key":"derivatives/93/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-thumbnail-v8.jpg","width":320,"height":240,"sha256":"fc229f5c974b737ea9018895acff5e3e28ee6663f248c29fed43917d2684e515","tool":"simplejpeg/8","page":null,"time_s":null}]');
INSERT INTO examinations (tenant, sha256, version, jail, problems, measurements, derivatives) VALUES ('default', 'bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1', '8', 'process+rlimits+no-privileges+landlock7+seccomp+bubblewrap', '', '{"version":"8","detected_type":"image/jpeg","kind":"screenshot","problems":[],"image":{"width":1080,"height":2340,"format":"JPEG","mode":"RGB","frames":1,"orientation":1,"bits":8},"clarity":{"sharpness":0.7076542298793793,"edge_count":66253,"noise":0.21739130434782605,"luma_mean":186.5948198198198,"luma_p05":23.0,"luma_p95":255.0,"luma_std":83.7897784348588,"dark_fraction":0.026785714285714284,"clipped_fraction":0.48214285714285715,"flat_fraction":0.11607142857142858,"weakest":{"x":0.0,"y":0.25,"w":0.3333333333333333,"h":0.25,"page":null,"time_s":null},"sharpness_coarse":0.8030130416154861,"sharpness_thumbnail":0.7366093844175339,"glare":null},"content":{"flat_fraction":0.2884510125889436,"palette_share":0.5757415254237288,"text_fraction":0.19076923076923077,"white_fraction":0.5768008474576272},"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bfee1b57c08b9081eca83d347c3ccc79decb7fcb33c7d2a6b1144c00097048fc","eabb4e0a95dec5c4b9fd68612969992c8b9e2a9e669287f3e44119555c251da9","eabbb18595de2a2bb9ed979e292966938a9ed5616692780ce441e6a25c25e256","bfeee4a0c08a6b6eeca8c2cb7c3c3386decb803433c72d59b104b3f70970b703","b9982bd58e68d6f8cfc78fc4c0f0c46ab8f1c1e38f13470babc1c639e0f071e0","eccd7e80db3d83ad9a92ca9195a5913feda494b6da460256be90936cb5a504b5","eccd817fdb3d6c529a92256e95a56e40eda428499a46a5a1be906c93b5a5db4a","b998d42a8e682907cfc7703bc0f03b95b8f13e1c8f13a8f4ebc139c6e0f08e1f"],"abstained":null},"pixels_sha256":"9452fa05c476700e16cdcbcd4ac7356157c157d79d1680b67e2c6cfc2867ef31","times":[],"metadata":{},"has_gps":false,"pages":[],"page_count":null,"video":null,"text":null,"parts":[{"number":0,"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bfee1b57c08b9081eca83d347c3ccc79decb7fcb33c7d2a6b1144c00097048fc","eabb4e0a95dec5c4b9fd68612969992c8b9e2a9e669287f3e44119555c251da9","eabbb18595de2a2bb9ed979e292966938a9ed5616692780ce441e6a25c25e256","bfeee4a0c08a6b6eeca8c2cb7c3c3386decb803433c72d59b104b3f70970b703","b9982bd58e68d6f8cfc78fc4c0f0c46ab8f1c1e38f13470babc1c639e0f071e0","eccd7e80db3d83ad9a92ca9195a5913feda494b6da460256be90936cb5a504b5","eccd817fdb3d6c529a92256e95a56e40eda428499a46a5a1be906c93b5a5db4a","b998d42a8e682907cfc7703bc0f03b95b8f13e1c8f13a8f4ebc139c6e0f08e1f"],"abstained":null},"region":null},{"number":1,"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bb67030b80837da620348c3c6c588bffa02f77c1b2d330f75f208778760f3bc7","ee32565ed5d428f37561d969190ddeaaf55a2294e78665a20a75d22d235a6692","ee32a9a1d5d4970c75612696190d2155f55add6be7869a5d0a752dd2235a916d","bb6ffcf4808bc65b203473c36cf97400a02f883eb2d3cf085f207c87768fcc3c","a5a4124a9af3907b9709164ec16fd14d317183759d9c0f3447869d93f1b3e1f3","f0f1571fcfa6c52ec25d531f943a84186626d620cac95a61b2d3c8c7b4e6b6a6","f0f1a8e0cda63ad1c25cbce4943a7be7642429dfc849a59e12d3373984e64b59","a5a4edb598f36f849708e9b1c16f2eb231717c8a9d1cf0cb4786626cd1b31e0c"],"abstained":null},"region":{"x":0.0,"y":0.0975,"w":1.0,"h":0.53,"page":null,"time_s":null}}],"readings":[],"readers":[],"legibility":{"text_height":20.665922734886408,"text_contrast":227.0,"words":23},"film":null,"sound":null,"seconds":[]}', '[{"kind":"preview","key":"derivatives/ba/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-preview-v8.jpg","width":473,"height":1024,"sha256":"fecadb2da6b5315771c837f940bf2bcf076f392f17336b671c5c308a5ebf69bf","tool":"simplejpeg/8","page":null,"time_s":null},{"kind":"thumbnail","key":"derivatives/ba/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-thumbnail-v8.jpg","width":148,"height":320,"sha256":"8ba8d5118dacce49314aaca13c2e938589266ce42bf0752bf1f9dd2ee7ac1af1","tool":"simplejpeg/8","page":null,"time_s":null},{"kind":"detail","key":"derivatives/ba/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-detail-v8.jpg","width":1080,"height":2340,"sha256":"e42d4a0399083c9e9f6a03ca1ceab9b6dc10ae5b19513bb161a472b40251c804","tool":"simplejpeg/8","page":null,"time_s":null}]');
INSERT INTO examinations (tenant, sha256, version, jail, problems, measurements, derivatives) VALUES ('default', 'd741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df', '8', 'process+rlimits+no-privileges+landlock7+seccomp+bubblewrap', '', '{"version":"8","detected_type":"image/jpeg","kind":"photo","problems":[],"image":{"width":1000,"height":667,"format":"JPEG","mode":"RGB","frames":1,"orientation":1,"bits":8},"clarity":{"sharpness":0.5476608281135559,"edge_count":179576,"noise":0.8695652173913042,"luma_mean":102.93330729166668,"luma_p05":13.0,"luma_p95":204.0,"luma_std":57.70318859437192,"dark_fraction":0.125,"clipped_fraction":0.0,"flat_fraction":0.022727272727272728,"weakest":{"x":0.25,"y":0.3333333333333333,"w":0.25,"h":0.3333333333333333,"page":null,"time_s":null},"sharpness_coarse":0.665951132774353,"sharpness_thumbnail":0.717227503657341,"glare":null},"content":{"flat_fraction":0.0,"palette_share":0.0700722891566265,"text_fraction":0.0,"white_fraction":0.018987951807228915},"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bb2483cc209e37f24cf10fc336bc37cf32c29b277241330e60ce9936333c773c","ee71d69975ca62a719a45a9663e9629a2797ca72271c665b379ac86326692269","ee71296675ca9d5819a4a56963e99d652797318d271c99a4359a331c2669dd96","bb247c33209fd80d6cf1f03c36fcc83072c264d87259ccf362cf66c9733cc8c3","c0440829b3bb93f78c441f01d7f3d5577f885da89a473a07631be35f35dc0d60","95115dffeeeed6a2d9114a5482ae80022add0afdcf126f72366eb60a6099783d","9511a201e6ee395dd911b5ab82a67ffd2ad9f702cf1290ad366e49f5608987c2","c044f754b3bb6c088c44e0bad7fb2aa87f88a2579a47c5f8633b1ca035dcd297"],"abstained":null},"pixels_sha256":null,"times":[],"metadata":{},"has_gps":false,"pages":[],"page_count":null,"video":null,"text":null,"parts":[{"number":0,"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bb2483cc209e37f24cf10fc336bc37cf32c29b277241330e60ce9936333c773c","ee71d69975ca62a719a45a9663e9629a2797ca72271c665b379ac86326692269","ee71296675ca9d5819a4a56963e99d652797318d271c99a4359a331c2669dd96","bb247c33209fd80d6cf1f03c36fcc83072c264d87259ccf362cf66c9733cc8c3","c0440829b3bb93f78c441f01d7f3d5577f885da89a473a07631be35f35dc0d60","95115dffeeeed6a2d9114a5482ae80022add0afdcf126f72366eb60a6099783d","9511a201e6ee395dd911b5ab82a67ffd2ad9f702cf1290ad366e49f5608987c2","c044f754b3bb6c088c44e0bad7fb2aa87f88a2579a47c5f8633b1ca035dcd297"],"abstained":null},"region":null}],"readings":[],"readers":[],"legibility":null,"film":null,"sound":null,"seconds":[]}', '[{"kind":"preview","key":"derivatives/d7/d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df-preview-v8.jpg","width":1000,"height":667,"sha256":"573e6d3b0bfd36a86d57a26ed4d0cd01a6241777051529381cfcd3211ffd7e59","tool":"simplejpeg/8","page":null,"time_s":null},{"kind":"thumbnail","key":"derivatives/d7/d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df-thumbnail-v8.jpg","width":320,"height":213,"sha256":"eab2ee26127c157052d00091d490ecea2d38f9547efa03d1fd09d7ff17f36107","tool":"simplejpeg/8","page":null,"time_s":null}]');
INSERT INTO examinations (tenant, sha256, version, jail, problems, measurements, derivatives) VALUES ('default', '54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b', '8', 'process+rlimits+no-privileges+landlock7+seccomp+bubblewrap', '', '{"version":"8","detected_type":"message/rfc822","kind":"text","problems":[],"image":null,"clarity":null,"content":null,"fingerprint":null,"pixels_sha256":null,"times":[{"source":"mail:Date","value":"Tue, 28 Apr 2026 02:14:00 +0000","earliest":"2026-04-28T02:14:00+00:00","latest":"2026-04-28T02:14:00+00:00","zone_known":true,"meaning":"named"}],"metadata":{"mail:From":"shop@cupandcorner.example","mail:To":"buyer-2714@relay.torvik.example","mail:Subject":"Re: Cup not as pictured","mail:Date":"Tue, 28 Apr 2026 02:14:00 +0000"},"has_gps":false,"pages":[],"page_count":null,"video":null,"text":"Dear friend,\r\n\r\nall our photos are real photos made by us, only the light is different.\r\nThe spoon is not part of this version, please read the description carefully.\r\n\r\nWe can offer 3 EUR.\r\n\r\nCup & Corner\r\n\r\n> I expected the cup of the picture, thick, red, with a spoon.\r\n","parts":[],"readings":[],"readers":[],"legibility":null,"film":null,"sound":null,"seconds":[]}', '[]');
INSERT INTO examinations (tenant, sha256, version, jail, problems, measurements, derivatives) VALUES ('default', 'e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac', '8', 'process+rlimits+no-privileges+landlock7+seccomp+bubblewrap', '', '{"version":"8","detected_type":"image/jpeg","kind":"photo","problems":[],"image":{"width":900,"height":600,"format":"JPEG","mode":"RGB","frames":1,"orientation":1,"bits":8},"clarity":{"sharpness":0.5911415766477585,"edge_count":152285,"noise":0.6521739130434782,"luma_mean":103.07166666666667,"luma_p05":13.0,"luma_p95":204.0,"luma_std":57.59926458346109,"dark_fraction":0.125,"clipped_fraction":0.0,"flat_fraction":0.028409090909090908,"weakest":{"x":0.25,"y":0.3333333333333333,"w":0.25,"h":0.3333333333333333,"page":null,"time_s":null},"sharpness_coarse":0.6767711937427521,"sharpness_thumbnail":0.7191330343484879,"glare":null},"content":{"flat_fraction":0.0,"palette_share":0.06642857142857143,"text_fraction":0.0,"white_fraction":0.01869047619047619},"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bb2483cc209e37f24cf10fc336bc37cf32c29b277240330e60cf9936333c773c","ee71d69975ca62a719a45a9663e9629a2797ca72271c665b379ac86326692269","ee71296675ca9d5819a4a56963e99d652797318d271c99a4359a331c2669dd96","bb247c33209fcc0d6cf1f03c36fcc83073c264d87259ccf162cf66c9733cc8c3","c0440829b3bb93f78c441f01d7f3d5577f885da89a473a07631be35f35dc0d48","95115dffeeeec6a2d9115a5482ae80822add0afdcf126f72366eb60a6089783d","9511a201e6ee395dd911b5ab82a67ffd2ad9f702cf1290ad366e49f5608987c2","c044f754b3bb6c088c44e0bad7fb2aa87f88a2579a47c5f8633b1ca035dcd297"],"abstained":null},"pixels_sha256":null,"times":[],"metadata":{},"has_gps":false,"pages":[],"page_count":null,"video":null,"text":null,"parts":[{"number":0,"fingerprint":{"algorithm":"phash256","version":"1","orientations":["bb2483cc209e37f24cf10fc336bc37cf32c29b277240330e60cf9936333c773c","ee71d69975ca62a719a45a9663e9629a2797ca72271c665b379ac86326692269","ee71296675ca9d5819a4a56963e99d652797318d271c99a4359a331c2669dd96","bb247c33209fcc0d6cf1f03c36fcc83073c264d87259ccf162cf66c9733cc8c3","c0440829b3bb93f78c441f01d7f3d5577f885da89a473a07631be35f35dc0d48","95115dffeeeec6a2d9115a5482ae80822add0afdcf126f72366eb60a6089783d","9511a201e6ee395dd911b5ab82a67ffd2ad9f702cf1290ad366e49f5608987c2","c044f754b3bb6c088c44e0bad7fb2aa87f88a2579a47c5f8633b1ca035dcd297"],"abstained":null},"region":null}],"readings":[],"readers":[],"legibility":null,"film":null,"sound":null,"seconds":[]}', '[{"kind":"preview","key":"derivatives/e6/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-preview-v8.jpg","width":900,"height":600,"sha256":"fbe53b7f95aadf277aa77535452b5677fc580e59fcfc773fc1163de19b5f8b40","tool":"simplejpeg/8","page":null,"time_s":null},{"kind":"thumbnail","key":"derivatives/e6/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-thumbnail-v8.jpg","width":320,"height":213,"sha256":"62c691833616bb694cf056f8230227166f30cf31f201655c81a83597c6aae8ef","tool":"simplejpeg/8","page":null,"time_s":null}]');
INSERT INTO evidence_reports (tenant, evidence_id, version, policy_sha256, state, body) VALUES ('default', 'ev-5dc61ef41f639c57e74b', '8', 'a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28', 'USABLE', '{"id":"ev-5dc61ef41f639c57e74b","file":"buyer/Screenshot_2026-04-27-08-20-44.jpg","sha256":"bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1","bytes":260509,"declared_type":"image/jpeg","detected_type":"image/jpeg","kind":"screenshot","state":"USABLE","party":"buyer","evidence_type":"screenshot","roles":["listing_snapshot"],"description":"The listing when I ordered.","submitted_at":"2026-04-27T06:34:00Z","received_at":"2026-05-01T00:00:00Z","late":false,"width":1080,"height":2340,"pages":null,"duration_s":null,"metadata":{},"text":null,"clarity":{"verdict":"sharp","sharpness":0.7077,"noise":0.2174,"luma_mean":186.5948,"contrast":83.7898,"dark_fraction":0.0268,"clipped_fraction":0.4821,"weakest":{"x":0.0,"y":0.25,"w":0.3333,"h":0.25,"page":null,"time_s":null}},"capture_time":{"best":{"source":"file_name","value":"2026-04-27-08-20-44","earliest":"2026-04-26T18:20:44Z","latest":"2026-04-27T20:20:44Z","zone_known":false,"meaning":"named"},"candidates":[{"source":"file_name","value":"2026-04-27-08-20-44","earliest":"2026-04-26T18:20:44Z","latest":"2026-04-27T20:20:44Z","zone_known":false,"meaning":"named"}]},"findings":[{"code":"LST_MATCHES_LISTING","severity":"note","kind":"pass","message":"This is the listing''s photo (cropped to 80%, inside a screenshot, 99% of the shared area agrees).","action":null,"params":{"dispute_id":"D-1007","evidence_id":"ev-e8ae2c6239c84acaac9a","scope":"listing","relation":"unknown","direction":"later","method":"aligned","mirrored":false,"rotation_deg":0.0,"matches":1,"unit":"share of tiles"},"measured":0.9876,"threshold":null,"rule":"reuse.correlated_min","region":null},{"code":"DUP_SAME_PHOTO","severity":"note","kind":"pass","message":"The same picture was sent in this dispute too, 1 day later, by the other party (cropped to 80%, inside a screenshot, 99% of the shared area agrees).","action":null,"params":{"dispute_id":"D-1007","evidence_id":"ev-9f3bd4eaa89d0e875a9b","scope":"same_dispute","relation":"opposing_party","direction":"later","method":"aligned","mirrored":false,"rotation_deg":0.0,"matches":1,"unit":"share of tiles"},"measured":0.9888,"threshold":0.65,"rule":"reuse.correlated_min","region":null}],"matches":[{"class":"LISTING_COPY","scope":"listing","relation":"unknown","direction":"later","dispute_id":"D-1007","evidence_id":"ev-e8ae2c6239c84acaac9a","file":"listing/cup.jpg","sha256":"d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df","party":null,"submitted_at":null,"distance":null,"aligned_fraction":0.9876,"where":{"this":{"x":0.0,"y":0.098,"w":1.0,"h":0.384,"page":null,"time_s":null},"other":{"x":0.1003,"y":0.0,"w":0.802,"h":1.0,"page":null,"time_s":null}},"segments":[],"transform":{"mirrored":false,"rotation_deg":0.0,"scale":null,"crop":0.8,"container":"screenshot"},"comparison":null},{"class":"SAME_PHOTO","scope":"same_dispute","relation":"opposing_party","direction":"later","dispute_id":"D-1007","evidence_id":"ev-9f3bd4eaa89d0e875a9b","file":"seller/original_photo.jpg","sha256":"e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac","party":"seller","submitted_at":"2026-04-29T03:05:00Z","distance":null,"aligned_fraction":0.9888,"where":{"this":{"x":0.0,"y":0.098,"w":1.0,"h":0.3838,"page":null,"time_s":null},"other":{"x":0.1002,"y":0.0,"w":0.802,"h":1.0,"page":null,"time_s":null}},"segments":[],"transform":{"mirrored":false,"rotation_deg":0.0,"scale":null,"crop":0.8,"container":"screenshot"},"comparison":null}],"derivatives":[{"kind":"preview","path":"media/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-preview-v8.jpg","width":473,"height":1024,"sha256":"fecadb2da6b5315771c837f940bf2bcf076f392f17336b671c5c308a5ebf69bf","page":null,"time_s":null},{"kind":"thumbnail","path":"media/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-thumbnail-v8.jpg","width":148,"height":320,"sha256":"8ba8d5118dacce49314aaca13c2e938589266ce42bf0752bf1f9dd2ee7ac1af1","page":null,"time_s":null}],"numbers":[],"withheld":false,"video":null}');
INSERT INTO evidence_reports (tenant, evidence_id, version, policy_sha256, state, body) VALUES ('default', 'ev-9f3bd4eaa89d0e875a9b', '8', 'a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28', 'USABLE', '{"id":"ev-9f3bd4eaa89d0e875a9b","file":"seller/original_photo.jpg","sha256":"e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac","bytes":70142,"declared_type":"image/jpeg","detected_type":"image/jpeg","kind":"photo","state":"USABLE","party":"seller","evidence_type":"photo","roles":["original_photos"],"description":"Our own photo of the cup in stock.","submitted_at":"2026-04-29T03:05:00Z","received_at":"2026-05-01T00:00:00Z","late":false,"width":900,"height":600,"pages":null,"duration_s":null,"metadata":{},"text":null,"clarity":{"verdict":"sharp","sharpness":0.5911,"noise":0.6522,"luma_mean":103.0717,"contrast":57.5993,"dark_fraction":0.125,"clipped_fraction":0.0,"weakest":{"x":0.25,"y":0.3333,"w":0.25,"h":0.3333,"page":null,"time_s":null}},"capture_time":{"best":null,"candidates":[]},"findings":[{"code":"TIM_NO_CAPTURE_TIME","severity":"note","kind":"pass","message":"The file does not say when it was taken. Common for screenshots and chat apps.","action":null,"params":{},"measured":null,"threshold":null,"rule":null,"region":null},{"code":"LST_MATCHES_LISTING","severity":"note","kind":"pass","message":"This is the listing''s photo (2 of 256 bits differ).","action":null,"params":{"dispute_id":"D-1007","evidence_id":"ev-e8ae2c6239c84acaac9a","scope":"listing","relation":"unknown","direction":"later","method":"phash256","mirrored":false,"rotation_deg":0.0,"matches":1,"unit":"bits"},"measured":2.0,"threshold":null,"rule":"reuse.max_distance","region":null},{"code":"DUP_SAME_PHOTO","severity":"note","kind":"pass","message":"The same picture was sent in this dispute too, 1 day earlier, by the other party (there inside a screenshot or page, 99% of the shared area agrees).","action":null,"params":{"dispute_id":"D-1007","evidence_id":"ev-5dc61ef41f639c57e74b","scope":"same_dispute","relation":"opposing_party","direction":"earlier","method":"aligned","mirrored":false,"rotation_deg":0.0,"matches":1,"unit":"share of tiles"},"measured":0.9888,"threshold":0.65,"rule":"reuse.correlated_min","region":null}],"matches":[{"class":"LISTING_COPY","scope":"listing","relation":"unknown","direction":"later","dispute_id":"D-1007","evidence_id":"ev-e8ae2c6239c84acaac9a","file":"listing/cup.jpg","sha256":"d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df","party":null,"submitted_at":null,"distance":2,"aligned_fraction":1.0,"where":{"this":{"x":0.0,"y":0.0,"w":1.0,"h":1.0,"page":null,"time_s":null},"other":{"x":0.0,"y":0.0001,"w":1.0,"h":0.9995,"page":null,"time_s":null}},"segments":[],"transform":{"mirrored":false,"rotation_deg":0.0,"scale":null,"crop":null,"container":"none"},"comparison":null},{"class":"SAME_PHOTO","scope":"same_dispute","relation":"opposing_party","direction":"earlier","dispute_id":"D-1007","evidence_id":"ev-5dc61ef41f639c57e74b","file":"buyer/Screenshot_2026-04-27-08-20-44.jpg","sha256":"bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1","party":"buyer","submitted_at":"2026-04-27T06:34:00Z","distance":null,"aligned_fraction":0.9888,"where":{"this":{"x":0.1002,"y":0.0,"w":0.802,"h":1.0,"page":null,"time_s":null},"other":{"x":0.0,"y":0.098,"w":1.0,"h":0.3838,"page":null,"time_s":null}},"segments":[],"transform":{"mirrored":false,"rotation_deg":0.0,"scale":null,"crop":null,"container":"none"},"comparison":null}],"derivatives":[{"kind":"preview","path":"media/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-preview-v8.jpg","width":900,"height":600,"sha256":"fbe53b7f95aadf277aa77535452b5677fc580e59fcfc773fc1163de19b5f8b40","page":null,"time_s":null},{"kind":"thumbnail","path":"media/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-thumbnail-v8.jpg","width":320,"height":213,"sha256":"62c691833616bb694cf056f8230227166f30cf31f201655c81a83597c6aae8ef","page":null,"time_s":null}],"numbers":[],"withheld":false,"video":null}');
INSERT INTO evidence_reports (tenant, evidence_id, version, policy_sha256, state, body) VALUES ('default', 'ev-a8c205c55d1bd8493060', '8', 'a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28', 'USABLE', '{"id":"ev-a8c205c55d1bd8493060","file":"buyer/IMG_20260427_081530.jpg","sha256":"93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965","bytes":268564,"declared_type":"image/jpeg","detected_type":"image/jpeg","kind":"photo","state":"USABLE","party":"buyer","evidence_type":"photo","roles":["item"],"description":"Thin grey ware, no spoon: nothing like the picture.","submitted_at":"2026-04-27T06:33:00Z","received_at":"2026-05-01T00:00:00Z","late":false,"width":2048,"height":1536,"pages":null,"duration_s":null,"metadata":{"Make":"Lumeo","Model":"One 12","Orientation":"1","ExposureTime":"1/60","FNumber":"1.8","ISO":"125","FocalLength":"5.4"},"text":null,"clarity":{"verdict":"sharp","sharpness":0.7902,"noise":1.087,"luma_mean":119.7172,"contrast":25.8262,"dark_fraction":0.0,"clipped_fraction":0.0,"weakest":{"x":0.0,"y":0.6667,"w":0.25,"h":0.3333,"page":null,"time_s":null}},"capture_time":{"best":{"source":"exif:DateTimeOriginal","value":"2026:04:27 08:15:30.482+02:00","earliest":"2026-04-27T06:15:30.482000Z","latest":"2026-04-27T06:15:30.482000Z","zone_known":true,"meaning":"captured"},"candidates":[{"source":"exif:DateTimeOriginal","value":"2026:04:27 08:15:30.482+02:00","earliest":"2026-04-27T06:15:30.482000Z","latest":"2026-04-27T06:15:30.482000Z","zone_known":true,"meaning":"captured"},{"source":"exif:DateTimeDigitized","value":"2026:04:27 08:15:30","earliest":"2026-04-26T18:15:30Z","latest":"2026-04-27T20:15:30Z","zone_known":false,"meaning":"digitized"},{"source":"exif:DateTime","value":"2026:04:27 08:15:30+02:00","earliest":"2026-04-27T06:15:30Z","latest":"2026-04-27T06:15:30Z","zone_known":true,"meaning":"modified"},{"source":"file_name","value":"20260427_081530","earliest":"2026-04-26T18:15:30Z","latest":"2026-04-27T20:15:30Z","zone_known":false,"meaning":"named"}]},"findings":[],"matches":[],"derivatives":[{"kind":"preview","path":"media/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-preview-v8.jpg","width":1024,"height":768,"sha256":"78dfd5de796474852eca139692b9a4fd6fa0b63e52a44952c0f58dc31d769827","page":null,"time_s":null},{"kind":"thumbnail","path":"media/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-thumbnail-v8.jpg","width":320,"height":240,"sha256":"fc229f5c974b737ea9018895acff5e3e28ee6663f248c29fed43917d2684e515","page":null,"time_s":null}],"numbers":[],"withheld":false,"video":null}');
INSERT INTO evidence_reports (tenant, evidence_id, version, policy_sha256, state, body) VALUES ('default', 'ev-c52aab249f668506c073', '8', 'a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28', 'USABLE', '{"id":"ev-c52aab249f668506c073","file":"seller/Re_ Cup not as pictured.eml","sha256":"54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b","bytes":565,"declared_type":"message/rfc822","detected_type":"message/rfc822","kind":"text","state":"USABLE","party":"seller","evidence_type":"text","roles":["communication"],"description":"Our answer to the buyer.","submitted_at":"2026-04-29T03:07:00Z","received_at":"2026-05-01T00:00:00Z","late":false,"width":null,"height":null,"pages":null,"duration_s":null,"metadata":{"mail:From":"shop@cupandcorner.example","mail:To":"buyer-2714@relay.torvik.example","mail:Subject":"Re: Cup not as pictured","mail:Date":"Tue, 28 Apr 2026 02:14:00 +0000"},"text":"Dear friend,\r\n\r\nall our photos are real photos made by us, only the light is different.\r\nThe spoon is not part of this version, please read the description carefully.\r\n\r\nWe can offer 3 EUR.\r\n\r\nCup & Corner\r\n\r\n> I expected the cup of the picture, thick, red, with a spoon.\r\n","clarity":null,"capture_time":{"best":{"source":"mail:Date","value":"Tue, 28 Apr 2026 02:14:00 +0000","earliest":"2026-04-28T02:14:00Z","latest":"2026-04-28T02:14:00Z","zone_known":true,"meaning":"named"},"candidates":[{"source":"mail:Date","value":"Tue, 28 Apr 2026 02:14:00 +0000","earliest":"2026-04-28T02:14:00Z","latest":"2026-04-28T02:14:00Z","zone_known":true,"meaning":"named"}]},"findings":[],"matches":[],"derivatives":[],"numbers":[],"withheld":false,"video":null}');
INSERT INTO dispute_reports (tenant, dispute_id, revision, content_sha256, policy_sha256, attached_at, body) VALUES ('default', 'D-1007', 1, '7fcc3b3c5caa2c0aa3c27bd850064585c69f09226441a453b3f86c7659d780f0', 'a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28', '2026-11-30T18:55:27.949675+00:00', '{
 "schema": "dispute-evidence/report/1",
 "created_at": "2026-11-30T18:55:27.949675Z",
 "as_of": "2026-05-01T00:00:00Z",
 "revision": 1,
 "dispute": {
  "id": "D-1007",
  "tenant": "default",
  "declared": true,
  "reason": "NOT_AS_DESCRIBED",
  "sub_reason": "misleading_listing_images",
  "stage": "NEGOTIATION",
  "status": "OPEN",
  "opened_at": "2026-04-27T06:30:00Z",
  "withdrawn_at": null,
  "listing_id": "L-9106",
  "parties": {
   "buyer": {
    "id": "b-2714"
   },
   "seller": {
    "id": "s-533"
   }
  },
  "order": {
   "id": "8100-2433-0281",
   "tracking": "LP00523117736QX",
   "promised_by": null,
   "events": [
    {
     "type": "placed",
     "at": "2026-04-05T15:00:00Z",
     "source": "platform"
    },
    {
     "type": "paid",
     "at": "2026-04-05T15:00:25Z",
     "source": "platform"
    },
    {
     "type": "shipped",
     "at": "2026-04-08T02:00:00Z",
     "source": "seller"
    },
    {
     "type": "delivered",
     "at": "2026-04-25T11:20:00Z",
     "source": "carrier"
    }
   ]
  },
  "evidence_details": [
   {
    "party": "buyer",
    "due_by": "2026-05-04T06:30:00Z",
    "has_evidence": true,
    "past_due": false,
    "submission_count": 2
   },
   {
    "party": "seller",
    "due_by": "2026-05-04T06:30:00Z",
    "has_evidence": true,
    "past_due": false,
    "submission_count": 2
   }
  ]
 },
 "policy": {
  "id": "default",
  "version": "1",
  "sha256": "a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28"
 },
 "tool": {
  "version": "0.1.0",
  "libraries": {
   "exifread": "3.5.1",
   "ffmpeg": "5.1.9-0+deb12u1",
   "imagehash": "4.3.2",
   "numpy": "2.4.6",
   "opencv-python-headless": "5.0.0.93",
   "pi-heif": "1.4.0",
   "pillow": "13.0.0",
   "pypdfium2": "5.15.2",
   "scipy": "1.17.1",
   "simplejpeg": "1.9.0"
  },
  "jail": "process+rlimits+no-privileges+landlock7+seccomp+bubblewrap"
 },
 "evidence": [
  {
   "id": "ev-a8c205c55d1bd8493060",
   "file": "buyer/IMG_20260427_081530.jpg",
   "sha256": "93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965",
   "bytes": 268564,
   "declared_type": "image/jpeg",
   "detected_type": "image/jpeg",
   "kind": "photo",
   "state": "USABLE",
   "party": "buyer",
   "evidence_type": "photo",
   "roles": [
    "item"
   ],
   "description": "Thin grey ware, no spoon: nothing like the picture.",
   "submitted_at": "2026-04-27T06:33:00Z",
   "received_at": "2026-05-01T00:00:00Z",
   "late": false,
   "width": 2048,
   "height": 1536,
   "pages": null,
   "duration_s": null,
   "metadata": {
    "Make": "Lumeo",
    "Model": "One 12",
    "Orientation": "1",
    "ExposureTime": "1/60",
    "FNumber": "1.8",
    "ISO": "125",
    "FocalLength": "5.4"
   },
   "text": null,
   "clarity": {
    "verdict": "sharp",
    "sharpness": 0.7902,
    "noise": 1.087,
    "luma_mean": 119.7172,
    "contrast": 25.8262,
    "dark_fraction": 0.0,
    "clipped_fraction": 0.0,
    "weakest": {
     "x": 0.0,
     "y": 0.6667,
     "w": 0.25,
     "h": 0.3333,
     "page": null,
     "time_s": null
    }
   },
   "capture_time": {
    "best": {
     "source": "exif:DateTimeOriginal",
     "value": "2026:04:27 08:15:30.482+02:00",
     "earliest": "2026-04-27T06:15:30.482000Z",
     "latest": "2026-04-27T06:15:30.482000Z",
     "zone_known": true,
     "meaning": "captured"
    },
    "candidates": [
     {
      "source": "exif:DateTimeOriginal",
      "value": "2026:04:27 08:15:30.482+02:00",
      "earliest": "2026-04-27T06:15:30.482000Z",
      "latest": "2026-04-27T06:15:30.482000Z",
      "zone_known": true,
      "meaning": "captured"
     },
     {
      "source": "exif:DateTimeDigitized",
      "value": "2026:04:27 08:15:30",
      "earliest": "2026-04-26T18:15:30Z",
      "latest": "2026-04-27T20:15:30Z",
      "zone_known": false,
      "meaning": "digitized"
     },
     {
      "source": "exif:DateTime",
      "value": "2026:04:27 08:15:30+02:00",
      "earliest": "2026-04-27T06:15:30Z",
      "latest": "2026-04-27T06:15:30Z",
      "zone_known": true,
      "meaning": "modified"
     },
     {
      "source": "file_name",
      "value": "20260427_081530",
      "earliest": "2026-04-26T18:15:30Z",
      "latest": "2026-04-27T20:15:30Z",
      "zone_known": false,
      "meaning": "named"
     }
    ]
   },
   "findings": [],
   "matches": [],
   "derivatives": [
    {
     "kind": "preview",
     "path": "media/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-preview-v8.jpg",
     "width": 1024,
     "height": 768,
     "sha256": "78dfd5de796474852eca139692b9a4fd6fa0b63e52a44952c0f58dc31d769827",
     "page": null,
     "time_s": null
    },
    {
     "kind": "thumbnail",
     "path": "media/93536699a2674228e853c0655fbc19d12290fd2a743eba81af846f91c4a3c965-thumbnail-v8.jpg",
     "width": 320,
     "height": 240,
     "sha256": "fc229f5c974b737ea9018895acff5e3e28ee6663f248c29fed43917d2684e515",
     "page": null,
     "time_s": null
    }
   ],
   "numbers": [],
   "withheld": false,
   "video": null
  },
  {
   "id": "ev-5dc61ef41f639c57e74b",
   "file": "buyer/Screenshot_2026-04-27-08-20-44.jpg",
   "sha256": "bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1",
   "bytes": 260509,
   "declared_type": "image/jpeg",
   "detected_type": "image/jpeg",
   "kind": "screenshot",
   "state": "USABLE",
   "party": "buyer",
   "evidence_type": "screenshot",
   "roles": [
    "listing_snapshot"
   ],
   "description": "The listing when I ordered.",
   "submitted_at": "2026-04-27T06:34:00Z",
   "received_at": "2026-05-01T00:00:00Z",
   "late": false,
   "width": 1080,
   "height": 2340,
   "pages": null,
   "duration_s": null,
   "metadata": {},
   "text": null,
   "clarity": {
    "verdict": "sharp",
    "sharpness": 0.7077,
    "noise": 0.2174,
    "luma_mean": 186.5948,
    "contrast": 83.7898,
    "dark_fraction": 0.0268,
    "clipped_fraction": 0.4821,
    "weakest": {
     "x": 0.0,
     "y": 0.25,
     "w": 0.3333,
     "h": 0.25,
     "page": null,
     "time_s": null
    }
   },
   "capture_time": {
    "best": {
     "source": "file_name",
     "value": "2026-04-27-08-20-44",
     "earliest": "2026-04-26T18:20:44Z",
     "latest": "2026-04-27T20:20:44Z",
     "zone_known": false,
     "meaning": "named"
    },
    "candidates": [
     {
      "source": "file_name",
      "value": "2026-04-27-08-20-44",
      "earliest": "2026-04-26T18:20:44Z",
      "latest": "2026-04-27T20:20:44Z",
      "zone_known": false,
      "meaning": "named"
     }
    ]
   },
   "findings": [
    {
     "code": "LST_MATCHES_LISTING",
     "severity": "note",
     "kind": "pass",
     "message": "This is the listing''s photo (cropped to 80%, inside a screenshot, 99% of the shared area agrees).",
     "action": null,
     "params": {
      "dispute_id": "D-1007",
      "evidence_id": "ev-e8ae2c6239c84acaac9a",
      "scope": "listing",
      "relation": "unknown",
      "direction": "later",
      "method": "aligned",
      "mirrored": false,
      "rotation_deg": 0.0,
      "matches": 1,
      "unit": "share of tiles"
     },
     "measured": 0.9876,
     "threshold": null,
     "rule": "reuse.correlated_min",
     "region": null
    },
    {
     "code": "DUP_SAME_PHOTO",
     "severity": "note",
     "kind": "pass",
     "message": "The same picture was sent in this dispute too, 1 day later, by the other party (cropped to 80%, inside a screenshot, 99% of the shared area agrees).",
     "action": null,
     "params": {
      "dispute_id": "D-1007",
      "evidence_id": "ev-9f3bd4eaa89d0e875a9b",
      "scope": "same_dispute",
      "relation": "opposing_party",
      "direction": "later",
      "method": "aligned",
      "mirrored": false,
      "rotation_deg": 0.0,
      "matches": 1,
      "unit": "share of tiles"
     },
     "measured": 0.9888,
     "threshold": 0.65,
     "rule": "reuse.correlated_min",
     "region": null
    }
   ],
   "matches": [
    {
     "class": "LISTING_COPY",
     "scope": "listing",
     "relation": "unknown",
     "direction": "later",
     "dispute_id": "D-1007",
     "evidence_id": "ev-e8ae2c6239c84acaac9a",
     "file": "listing/cup.jpg",
     "sha256": "d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df",
     "party": null,
     "submitted_at": null,
     "distance": null,
     "aligned_fraction": 0.9876,
     "where": {
      "this": {
       "x": 0.0,
       "y": 0.098,
       "w": 1.0,
       "h": 0.384,
       "page": null,
       "time_s": null
      },
      "other": {
       "x": 0.1003,
       "y": 0.0,
       "w": 0.802,
       "h": 1.0,
       "page": null,
       "time_s": null
      }
     },
     "segments": [],
     "transform": {
      "mirrored": false,
      "rotation_deg": 0.0,
      "scale": null,
      "crop": 0.8,
      "container": "screenshot"
     },
     "comparison": null
    },
    {
     "class": "SAME_PHOTO",
     "scope": "same_dispute",
     "relation": "opposing_party",
     "direction": "later",
     "dispute_id": "D-1007",
     "evidence_id": "ev-9f3bd4eaa89d0e875a9b",
     "file": "seller/original_photo.jpg",
     "sha256": "e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac",
     "party": "seller",
     "submitted_at": "2026-04-29T03:05:00Z",
     "distance": null,
     "aligned_fraction": 0.9888,
     "where": {
      "this": {
       "x": 0.0,
       "y": 0.098,
       "w": 1.0,
       "h": 0.3838,
       "page": null,
       "time_s": null
      },
      "other": {
       "x": 0.1002,
       "y": 0.0,
       "w": 0.802,
       "h": 1.0,
       "page": null,
       "time_s": null
      }
     },
     "segments": [],
     "transform": {
      "mirrored": false,
      "rotation_deg": 0.0,
      "scale": null,
      "crop": 0.8,
      "container": "screenshot"
     },
     "comparison": null
    }
   ],
   "derivatives": [
    {
     "kind": "preview",
     "path": "media/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-preview-v8.jpg",
     "width": 473,
     "height": 1024,
     "sha256": "fecadb2da6b5315771c837f940bf2bcf076f392f17336b671c5c308a5ebf69bf",
     "page": null,
     "time_s": null
    },
    {
     "kind": "thumbnail",
     "path": "media/bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1-thumbnail-v8.jpg",
     "width": 148,
     "height": 320,
     "sha256": "8ba8d5118dacce49314aaca13c2e938589266ce42bf0752bf1f9dd2ee7ac1af1",
     "page": null,
     "time_s": null
    }
   ],
   "numbers": [],
   "withheld": false,
   "video": null
  },
  {
   "id": "ev-c52aab249f668506c073",
   "file": "seller/Re_ Cup not as pictured.eml",
   "sha256": "54707f201f5f690b67d8cb6ec22d2fa3e97e719cdcfb58518debdf0254dbd58b",
   "bytes": 565,
   "declared_type": "message/rfc822",
   "detected_type": "message/rfc822",
   "kind": "text",
   "state": "USABLE",
   "party": "seller",
   "evidence_type": "text",
   "roles": [
    "communication"
   ],
   "description": "Our answer to the buyer.",
   "submitted_at": "2026-04-29T03:07:00Z",
   "received_at": "2026-05-01T00:00:00Z",
   "late": false,
   "width": null,
   "height": null,
   "pages": null,
   "duration_s": null,
   "metadata": {
    "mail:From": "shop@cupandcorner.example",
    "mail:To": "buyer-2714@relay.torvik.example",
    "mail:Subject": "Re: Cup not as pictured",
    "mail:Date": "Tue, 28 Apr 2026 02:14:00 +0000"
   },
   "text": "Dear friend,\r\n\r\nall our photos are real photos made by us, only the light is different.\r\nThe spoon is not part of this version, please read the description carefully.\r\n\r\nWe can offer 3 EUR.\r\n\r\nCup & Corner\r\n\r\n> I expected the cup of the picture, thick, red, with a spoon.\r\n",
   "clarity": null,
   "capture_time": {
    "best": {
     "source": "mail:Date",
     "value": "Tue, 28 Apr 2026 02:14:00 +0000",
     "earliest": "2026-04-28T02:14:00Z",
     "latest": "2026-04-28T02:14:00Z",
     "zone_known": true,
     "meaning": "named"
    },
    "candidates": [
     {
      "source": "mail:Date",
      "value": "Tue, 28 Apr 2026 02:14:00 +0000",
      "earliest": "2026-04-28T02:14:00Z",
      "latest": "2026-04-28T02:14:00Z",
      "zone_known": true,
      "meaning": "named"
     }
    ]
   },
   "findings": [],
   "matches": [],
   "derivatives": [],
   "numbers": [],
   "withheld": false,
   "video": null
  },
  {
   "id": "ev-9f3bd4eaa89d0e875a9b",
   "file": "seller/original_photo.jpg",
   "sha256": "e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac",
   "bytes": 70142,
   "declared_type": "image/jpeg",
   "detected_type": "image/jpeg",
   "kind": "photo",
   "state": "USABLE",
   "party": "seller",
   "evidence_type": "photo",
   "roles": [
    "original_photos"
   ],
   "description": "Our own photo of the cup in stock.",
   "submitted_at": "2026-04-29T03:05:00Z",
   "received_at": "2026-05-01T00:00:00Z",
   "late": false,
   "width": 900,
   "height": 600,
   "pages": null,
   "duration_s": null,
   "metadata": {},
   "text": null,
   "clarity": {
    "verdict": "sharp",
    "sharpness": 0.5911,
    "noise": 0.6522,
    "luma_mean": 103.0717,
    "contrast": 57.5993,
    "dark_fraction": 0.125,
    "clipped_fraction": 0.0,
    "weakest": {
     "x": 0.25,
     "y": 0.3333,
     "w": 0.25,
     "h": 0.3333,
     "page": null,
     "time_s": null
    }
   },
   "capture_time": {
    "best": null,
    "candidates": []
   },
   "findings": [
    {
     "code": "TIM_NO_CAPTURE_TIME",
     "severity": "note",
     "kind": "pass",
     "message": "The file does not say when it was taken. Common for screenshots and chat apps.",
     "action": null,
     "params": {},
     "measured": null,
     "threshold": null,
     "rule": null,
     "region": null
    },
    {
     "code": "LST_MATCHES_LISTING",
     "severity": "note",
     "kind": "pass",
     "message": "This is the listing''s photo (2 of 256 bits differ).",
     "action": null,
     "params": {
      "dispute_id": "D-1007",
      "evidence_id": "ev-e8ae2c6239c84acaac9a",
      "scope": "listing",
      "relation": "unknown",
      "direction": "later",
      "method": "phash256",
      "mirrored": false,
      "rotation_deg": 0.0,
      "matches": 1,
      "unit": "bits"
     },
     "measured": 2.0,
     "threshold": null,
     "rule": "reuse.max_distance",
     "region": null
    },
    {
     "code": "DUP_SAME_PHOTO",
     "severity": "note",
     "kind": "pass",
     "message": "The same picture was sent in this dispute too, 1 day earlier, by the other party (there inside a screenshot or page, 99% of the shared area agrees).",
     "action": null,
     "params": {
      "dispute_id": "D-1007",
      "evidence_id": "ev-5dc61ef41f639c57e74b",
      "scope": "same_dispute",
      "relation": "opposing_party",
      "direction": "earlier",
      "method": "aligned",
      "mirrored": false,
      "rotation_deg": 0.0,
      "matches": 1,
      "unit": "share of tiles"
     },
     "measured": 0.9888,
     "threshold": 0.65,
     "rule": "reuse.correlated_min",
     "region": null
    }
   ],
   "matches": [
    {
     "class": "LISTING_COPY",
     "scope": "listing",
     "relation": "unknown",
     "direction": "later",
     "dispute_id": "D-1007",
     "evidence_id": "ev-e8ae2c6239c84acaac9a",
     "file": "listing/cup.jpg",
     "sha256": "d741cda967368b02e6c9baba774b578da9e9a1927dd86fee7839f703e2a307df",
     "party": null,
     "submitted_at": null,
     "distance": 2,
     "aligned_fraction": 1.0,
     "where": {
      "this": {
       "x": 0.0,
       "y": 0.0,
       "w": 1.0,
       "h": 1.0,
       "page": null,
       "time_s": null
      },
      "other": {
       "x": 0.0,
       "y": 0.0001,
       "w": 1.0,
       "h": 0.9995,
       "page": null,
       "time_s": null
      }
     },
     "segments": [],
     "transform": {
      "mirrored": false,
      "rotation_deg": 0.0,
      "scale": null,
      "crop": null,
      "container": "none"
     },
     "comparison": null
    },
    {
     "class": "SAME_PHOTO",
     "scope": "same_dispute",
     "relation": "opposing_party",
     "direction": "earlier",
     "dispute_id": "D-1007",
     "evidence_id": "ev-5dc61ef41f639c57e74b",
     "file": "buyer/Screenshot_2026-04-27-08-20-44.jpg",
     "sha256": "bac7c0a653a8f3761ee103fda417696d0df14247aaa525c85669234fe604b5b1",
     "party": "buyer",
     "submitted_at": "2026-04-27T06:34:00Z",
     "distance": null,
     "aligned_fraction": 0.9888,
     "where": {
      "this": {
       "x": 0.1002,
       "y": 0.0,
       "w": 0.802,
       "h": 1.0,
       "page": null,
       "time_s": null
      },
      "other": {
       "x": 0.0,
       "y": 0.098,
       "w": 1.0,
       "h": 0.3838,
       "page": null,
       "time_s": null
      }
     },
     "segments": [],
     "transform": {
      "mirrored": false,
      "rotation_deg": 0.0,
      "scale": null,
      "crop": null,
      "container": "none"
     },
     "comparison": null
    }
   ],
   "derivatives": [
    {
     "kind": "preview",
     "path": "media/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-preview-v8.jpg",
     "width": 900,
     "height": 600,
     "sha256": "fbe53b7f95aadf277aa77535452b5677fc580e59fcfc773fc1163de19b5f8b40",
     "page": null,
     "time_s": null
    },
    {
     "kind": "thumbnail",
     "path": "media/e6f9fa78396d09467bd6dd97b6f24b0298007d845414b48c2a4878dfba06e1ac-thumbnail-v8.jpg",
     "width": 320,
     "height": 213,
     "sha256": "62c691833616bb694cf056f8230227166f30cf31f201655c81a83597c6aae8ef",
     "page": null,
     "time_s": null
    }
   ],
   "numbers": [],
   "withheld": false,
   "video": null
  }
 ],
 "completeness": {
  "applicable": true,
  "slots": [
   {
    "role": "item",
    "party": "buyer",
    "required": true,
    "state": "filled",
    "by": [
     "ev-a8c205c55d1bd8493060"
    ],
    "accepted": []
   },
   {
    "role": "listing_snapshot",
    "party": "buyer",
    "required": true,
    "state": "filled",
    "by": [
     "ev-5dc61ef41f639c57e74b"
    ],
    "accepted": []
   },
   {
    "role": "original_photos",
    "party": "seller",
    "required": false,
    "state": "filled",
    "by": [
     "ev-9f3bd4eaa89d0e875a9b"
    ],
    "accepted": []
   }
  ],
  "findings": []
 },
 "deadlines": [
  {
   "kind": "open_from",
   "due_by": "2026-04-11T15:00:00Z",
   "rule": "deadlines.open_from.days",
   "source": "G2",
   "party": "buyer",
   "past_due": false
  },
  {
   "kind": "evidence",
   "due_by": "2026-05-04T06:30:00Z",
   "rule": "deadlines.evidence.days",
   "source": "G4",
   "party": "buyer",
   "past_due": false
  },
  {
   "kind": "evidence",
   "due_by": "2026-05-04T06:30:00Z",
   "rule": "deadlines.evidence.days",
   "source": "G4",
   "party": "seller",
   "past_due": false
  },
  {
   "kind": "open_until",
   "due_by": "2026-05-10T11:20:00Z",
   "rule": "deadlines.open_until.days",
   "source": "G0 (15 days after receipt); G2 reads: until the order closes, or 5 days if another person received it",
   "party": "buyer",
   "past_due": false
  },
  {
   "kind": "seller_answer",
   "due_by": "2026-05-12T06:30:00Z",
   "rule": "deadlines.seller_answer.days",
   "source": "G2 (3-15 days, escalate if none in 15); G0 reads 3-7 days",
   "party": "seller",
   "past_due": false
  }
 ],
 "summary": {
  "items": 4,
  "by_state": {
   "USABLE": 4
  },
  "by_code": {
   "DUP_SAME_PHOTO": 2,
   "LST_MATCHES_LISTING": 2,
   "TIM_NO_CAPTURE_TIME": 1
  },
  "reviews": 0
 },
 "skipped": [
  "listing/cup.jpg"
 ],
 "notices": [],
 "copy_for": null
}');
INSERT INTO matches (tenant, first, second, method, distance, orientation, algorithm, version, detail, rank) VALUES ('default', 'ev-5dc61ef41f639c57e74b', 'ev-9f3bd4eaa89d0e875a9b', 'aligned', 256, 1, 'aligned', '2', '{"matrix":[1.7366575409113143,-0.0001107026314766612,0.10030611187270613,0.0003690853086892417,1.7377921106215746,-0.17053410093708601,0.0007007265601127213,3.688647098959743e-05,1.0],"inliers":54,"tiles":624,"shared":0.8011,"correlated":0.9888,"correlation":0.9958,"drift":0.0496,"changed":null,"this_part":1,"other_part":0,"this_area":{"x":0.0,"y":0.098,"w":1.0,"h":0.3838,"page":null,"time_s":null},"other_area":{"x":0.1002,"y":0.0,"w":0.802,"h":1.0,"page":null,"time_s":null},"bits":118,"stretches":[]}', 1);
INSERT INTO matches (tenant, first, second, method, distance, orientation, algorithm, version, detail, rank) VALUES ('default', 'ev-5dc61ef41f639c57e74b', 'ev-e8ae2c6239c84acaac9a', 'aligned', 256, 1, 'aligned', '2', '{"matrix":[1.7362939115205822,7.049435590143879e-05,0.10031136282702643,0.00025538602141870906,1.7373713577216214,-0.17039940295780487,0.00046600936968111897,-0.00024321404512700243,1.0],"inliers":50,"tiles":646,"shared":0.8006,"correlated":0.9876,"correlation":0.9962,"drift":0.0393,"changed":null,"this_part":1,"other_part":0,"this_area":{"x":0.0,"y":0.098,"w":1.0,"h":0.384,"page":null,"time_s":null},"other_area":{"x":0.1003,"y":0.0,"w":0.802,"h":1.0,"page":null,"time_s":null},"bits":116,"stretches":[]}', 1);
INSERT INTO matches (tenant, first, second, method, distance, orientation, algorithm, version, detail, rank) VALUES ('default', 'ev-9f3bd4eaa89d0e875a9b', 'ev-e8ae2c6239c84acaac9a', 'phash256', 2, 1, 'phash256', '2', '{"matrix":[1.000027316991897,4.819805067516845e-05,2.9775671063920024e-05,-9.552564573598683e-06,1.0000075749004336,5.345424109576471e-05,1.7881887975179098e-05,1.5987894083664934e-05,1.0],"inliers":237,"tiles":585,"shared":1.0,"correlated":1.0,"correlation":0.9987,"drift":0.0149,"changed":null,"this_part":0,"other_part":0,"this_area":{"x":0.0,"y":0.0,"w":1.0,"h":1.0,"page":null,"time_s":null},"other_area":{"x":0.0,"y":0.0001,"w":1.0,"h":0.9995,"page":null,"time_s":null},"bits":2,"stretches":[]}', 2);
INSERT INTO audit (tenant, dispute_id, sequence, at, action, detail, previous, hash) VALUES ('default', 'D-1007', 1, '2026-11-30T18:55:27.949675+00:00', 'report_attached', '{"body_sha256":"059df6a5ec6522e84f0174bbb108907f6bb0e682fd12ddffd6f3cd71435ec70b","content_sha256":"7fcc3b3c5caa2c0aa3c27bd850064585c69f09226441a453b3f86c7659d780f0","policy_sha256":"a175b71254e50b57b4bdf2e9ba4fb9f49eaf94b4f02705cd1ec733836d374c28","revision":"1"}', 'c3384df7002d718d2223f753fe05e812522fe896bd148ea006d70614263e8004', '0eb448bdd28ce4d15cbc761089f07c6a39bb8cb57e3821f643c01fd73737f177');
INSERT INTO audit_nonces (tenant, dispute_id, nonce) VALUES ('default', 'D-1007', 'b9e3561fedba3cd42d0e53a136be071c');
INSERT INTO queue_lines (tenant, dispute_id, revision, reason, order_id, closed, needs, undecided, past_due, next_due, body) VALUES ('default', 'D-1007', 1, 'misleading_listing_images', '8100-2433-0281', 0, 0, 0, 0, '2026-05-04T06:30:00.000000+00:00', '{"dispute_id":"D-1007","revision":1,"attached_at":"2026-11-30T18:55:27.949675+00:00","reason":"NOT_AS_DESCRIBED","sub_reason":"misleading_listing_images","stage":"NEGOTIATION","order_id":"8100-2433-0281","closed":false,"items":4,"needs":0,"undecided":0,"looks":0,"unusable":0,"missing":0,"next_due":"2026-05-04T06:30:00+00:00","next_kind":"evidence","past_due":[],"by_state":[["USABLE",4]]}');
